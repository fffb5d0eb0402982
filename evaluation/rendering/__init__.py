"""Rendering: a report's sources and a release file, made into documents that anyone can read."""

from evaluation.rendering.face import FORMATS, NAMES, Format
from evaluation.rendering.rendering import Engine, choose_engine, render_pair

__all__ = ["FORMATS", "NAMES", "Engine", "Format", "choose_engine", "render_pair"]
