"""Write what people look at: the report, the board of the hall, slips and call lists; plot two policies.

``python examples/report.py FOLDER`` leaves them in a folder, ``examples/pages`` if none is named.
"""

import sys
from pathlib import Path

import gigmatch as gm


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    morning = gm.samples.jingshi(seed=7)
    assignment = gm.match(morning)

    assignment.report(folder / "report.html", lang="zh")
    assignment.report(folder / "report-for-workers.html", audience="worker")
    assignment.board(folder / "board.html", lang="zh", seconds=10)
    assignment.slips(folder / "slips.html", lang="zh", paper="80mm")
    assignment.call_lists(folder / "calls.html", lang="zh")
    for page in sorted(folder.glob("*.html")):
        print(f"{page.as_posix()}: {'less' if page.stat().st_size < 2_000_000 else 'more'} than 2 MB")

    print()
    print("\n".join(assignment.board_text().splitlines()[:8]))

    policies = {"seats first": gm.DEFAULT_POLICY, "points first": gm.DEFAULT_POLICY.with_objective("points")}
    ways = {name: gm.mechanisms.Best(policy=policy) for name, policy in policies.items()}
    axes = gm.plot.comparison(
        gm.compare({"first_come": gm.mechanisms.Hall(way="first_come"), **ways}, morning)
    )
    axes[0].figure.savefig(folder / "policies.png")
    print(f"\n{axes[0].get_title()}: {[int(bar.get_width()) for bar in axes[0].patches]}")
    print(f"drawn: {(folder / 'policies.png').as_posix()}")


if __name__ == "__main__":
    main(Path(*sys.argv[1:2] or ["examples/pages"]))
