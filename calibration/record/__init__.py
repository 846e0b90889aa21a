"""The record of challenges, falls and Moscow's answers: sourced tables, and the history they give."""
