"""Words of the model that printed tables and stories use without room to say what they mean."""

from __future__ import annotations

import re

_GLOSSARY = {
    r"lognormal\(": "lognormal(m, sigma s): a positive number known up to a factor, median m, two thirds of "
    "draws within a factor exp(s) of it",
    r"(?<!log)normal\(": "normal(m, sd s): mean m and standard deviation s, kept within the range",
    r"uniform\(": "uniform(a, b): every value between them equally likely",
    r"\blines?\b": "line: the alignment with Moscow that a regime seeks, -1 (against) to 1 (with); its "
    "alignment follows with time",
    r"\bsparks?\b": "spark: what an event adds to every citizen's grievance while it lasts",
    r"\bfocal events?\b": "focal event: one that many hear of at once, so that they may come out together",
    r"\brungs?\b": "rung: a step of the ladder of Moscow's help, from political support to troops",
    r"\blegitimacy\b": "legitimacy: how far citizens hold that the regime may rule, 0 to 1",
    r"\bcohesion\b": "cohesion: how far elites stand together, 0 to 1",
    r"\blame duck\b": "lame duck: a leader whom elites expect to leave, so that they look for the next",
    r"\bloyalty\b": "loyalty: how ready security services are to act for the regime, 0 to 1",
    r"in open opposition|of citizens;": "open opposition: of any kind, in public; about a tenth of it is on "
    "the street, so 10 % is 1 % of citizens there",
}
"""What a term means, by the pattern of its use."""


def glossary(text: str) -> str:
    """Return what the terms in a text mean, as one paragraph; empty if it has none.

    Parameters
    ----------
    text : str
        What is printed.
    """
    meanings = [meaning for pattern, meaning in _GLOSSARY.items() if re.search(pattern, text)]
    return f"Words: {'; '.join(meanings)}." if meanings else ""
