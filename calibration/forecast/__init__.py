"""Forecasts of years that nobody knows yet, written so that they cannot be bent later."""
