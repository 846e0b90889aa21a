"""Theses made by lot, judged as the real ones are: what a verdict is worth that chance may win too."""
