"""Rendering: a report's sources and a release file, made into pages that anyone can read."""

from evaluation.rendering.rendering import Engine, choose_engine, render, render_pair

__all__ = ["Engine", "choose_engine", "render", "render_pair"]
