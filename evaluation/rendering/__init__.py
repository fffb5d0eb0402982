"""Rendering: a report's sources and a release file, made into documents that anyone can read."""

from evaluation.rendering.face import FORMATS, NAMES, Format
from evaluation.rendering.publishing import publish
from evaluation.rendering.rendering import Engine, choose_engine, render_pair, renderer

__all__ = [
    "FORMATS",
    "NAMES",
    "Engine",
    "Format",
    "choose_engine",
    "publish",
    "render_pair",
    "renderer",
]
