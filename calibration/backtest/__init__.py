"""Forecasts of years that are known, made without them, and scored against simpler ones."""
