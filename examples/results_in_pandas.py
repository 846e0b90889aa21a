"""Open a results folder in pandas: outcomes, monthly series, and the ledger of events with its reasons."""

import sim

RUNS = 20


def main() -> None:
    results = sim.run("milosevic", runs=RUNS, workers=2, out="results/pandas-example", progress=True)

    # One row a run
    print(results.outcomes[["replicate", "street_falls", "influence_change", "end_state"]].head())

    # One row a run, month and state; Moscow's own series stand in the rows of RUS
    december = results.trajectories[results.trajectories.month.str.endswith("-12")]
    alignment = december.pivot_table(index="month", columns="state", values="alignment", aggfunc="median")
    print(alignment.iloc[[0, -1]].round(2).T)

    # One row an event: who did what to whom, when and why
    falls = results.events[results.events.kind == "fall"]
    print(falls[["replicate", "month", "target", "detail", "why"]].head(8).to_string(index=False))

    # The parameters each run drew, beside what came of it
    table = results.draws.merge(results.outcomes, on=["scenario", "replicate"])
    print(table[["citizens.conformity", "crises.focal_rate", "challenges"]].corr().round(2))


if __name__ == "__main__":
    main()
