"""Set Moscow's support of friendly regimes to nothing, to what each thesis says, and high: who falls less.

An intervention tells theses apart where their forecasts look alike: if people blame Moscow for the regimes
that it props up, its support may raise the number of falls; otherwise it lowers it. The levels are the
scenarios support-none, support-own and support-high, laid over each thesis: nothing but support differs.
"""

from pathlib import Path

import sim
from sim import figures

LEVELS = ("none", "own", "high")
THESES = ("baseline", "piontkovsky", "gorevoy", "dubnov", "kuzio", "kaznacheyev", "milosevic")
OUTCOMES = ("challenges", "street_falls")
RUNS = 40
SEED = 19911226  # not the shipped scenarios' own, on which their numbers were judged
TITLE = "Challenges and falls by Moscow's support of friendly regimes, under each thesis"


def main() -> None:
    families = {thesis: [f"{thesis}, support {level}" for level in LEVELS] for thesis in THESES}
    scenarios = [
        sim.load(f"support-{level}", [f"thesis={thesis}", f"name={thesis}, support {level}", f"seed={SEED}"])
        for thesis in THESES
        for level in LEVELS
    ]
    results = sim.compare(scenarios, runs=RUNS, workers=2, progress=True).results

    for outcome in OUTCOMES:
        print(f"\n{outcome}, less those without any support (95 % interval)")
        table = figures.level_differences(results.outcomes, outcome, families)
        for (thesis, scenario), row in table.iterrows():
            if scenario != families[thesis][0]:
                print(f"  {scenario:28} {row.difference:+.2f} [{row.low:+.2f}, {row.high:+.2f}]")

    figure = figures.plot_levels(
        results.outcomes,
        OUTCOMES,
        families,
        LEVELS,
        title=TITLE,
        source=figures.source_of(results.outcomes, results.about),
    )
    figures.save(figure, Path("support_levels.png"))
    print("Drawn: support_levels.png")


if __name__ == "__main__":  # workers need it only for a model of the script's own
    main()
