"""Prompts as Japanese Markdown files."""
