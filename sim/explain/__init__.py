"""Explain: one run told, and why a regime fell or survived."""
