"""A small country on two processes: its morning lies in districts, and no process ever holds all of it."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet

import gigmatch as gm

WORKERS, SHIFTS, DISTRICTS = 4_000, 800, 6


def country_in(folder):
    """A data set in parts, and where its placements go."""
    tables = gm.samples.city_tables(WORKERS, SHIFTS, seed=7, partitions=DISTRICTS)
    gm.write_parquet(tables, folder / "country", partition_by="district")
    return gm.Partitioned(folder / "country", into=folder / "answer")


def matched(source):
    """Its assignment, made on a cluster of two processes with 2 GB each."""
    with gm.dask_client(local=2, memory_bytes=2 * 10**9) as client:
        print("watch it at", client.dashboard_link, file=sys.stderr)
        return gm.match(source, cluster=client)


def main() -> None:
    with TemporaryDirectory() as folder:
        source = country_in(Path(folder))
        assignment = matched(source)
        found, counts = assignment.summary, assignment.statistics.counts
        print(f"{found.placements:,} of {found.workers:,} placed, {assignment.status}")
        print(f"{counts['pairs held']:,} pairs held, {counts['pairs verified']:,} verified")

        placements = pyarrow.parquet.read_table(Path(source.into, "placements.parquet"))
        print(f"{placements.num_rows:,} placements in {len(source.parts)} files, one a district")

        whole = gm.match(gm.read_parquet(source.folder))
        print("the same in one process:", whole.pairs == assignment.pairs)


if __name__ == "__main__":
    main()
