"""Regimes: rulers, movements, challenges, and how leaders leave."""
