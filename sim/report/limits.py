"""What the model cannot tell, whatever its results."""

from __future__ import annotations

from sim.analysis.written import in_percent
from sim.parameters import Tag, catalogue
from sim.scenario import SHARED_WORLD, load


def assumed_share() -> float:
    """Return which share of the shared world's parameters is assumed; those fitted to the record are not."""
    world = load(SHARED_WORLD)
    paths = list(catalogue())
    return sum(world.shared(path).tag is Tag.ASSUMED for path in paths) / len(paths)


def limits() -> list[tuple[str, str]]:
    """Return what the model cannot tell: each in a few words, and why."""
    return [
        (
            "No forecasts for a named country.",
            "It compares what theses imply; it does not know who will win an election.",
        ),
        (
            "Most numbers are assumed.",
            f"{in_percent(assumed_share())} of the parameters are. Directions come from the articles, sizes "
            "are judgements with wide priors. A thesis's result may only repeat its assumptions.",
        ),
        (
            "History is short.",
            "Few regimes have fallen to the street since 1992. Many settings fit them, so agreement with the "
            "record is weak support.",
        ),
        (
            "The shared world was adjusted by hand.",
            "To the rate of challenges and falls 1992-2013, while later years were known.",
        ),
        (
            "Attitudes are proxies.",
            "No survey covers the 14 states over 30 years; legitimacy, elite cohesion and attitudes are "
            "composites of measured indicators with a stated error.",
        ),
        (
            "Alignment has a floor.",
            "A state at -1 can fall no further. Alignment follows organisations, wars and arms: a government "
            "that mends ties in words alone is not seen.",
        ),
        (
            "It misses parts of the record.",
            "docs/LIMITS.md of this version names those for which no run is to be relied on.",
        ),
        (
            "Not in it:",
            "joining the European Union, economies that react, parties, ideology beyond the attitude to "
            "Moscow, refugees, nuclear weapons, the politics of Western states, Russian public opinion, "
            "conflicts inside Russia, civil wars as such.",
        ),
        (
            "An interval is about chance and unknown numbers, not about the model.",
            "It says how results vary over runs that draw their numbers and chances anew. What the rules "
            "leave out is in no interval.",
        ),
        ("Encoding a thesis is not endorsing it.", "Some are reported by authors who disagree with them."),
    ]
