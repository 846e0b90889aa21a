"""Run a counterfactual: January 2022 in Kazakhstan, with the CSTO's answer and without it.

The two scenarios are the same world with the same random numbers up to the month of the call, so each pair of
runs is one history and its counterfactual.
"""

import sim

RUNS = 60


def main() -> None:
    comparison = sim.compare(
        ["kazakhstan-january", "csto-stays-home"],
        baseline="kazakhstan-january",
        runs=RUNS,
        workers=2,
        progress=True,
    )
    print(comparison.to_markdown(["street_falls", "csto_trust_end", "csto_members_end", "influence_change"]))

    events = comparison.results.events
    fell = events[(events.kind == "fall") & (events.target == "KAZ") & (events.month <= "2022-12")]
    for scenario in ("kazakhstan-january", "csto-stays-home"):
        share = fell[fell.scenario == scenario].replicate.nunique() / RUNS
        print(f"{scenario}: the regime in Kazakhstan falls in 2022 in {share:.0%} of runs")


if __name__ == "__main__":
    main()
