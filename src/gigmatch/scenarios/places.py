"""Places, with their sources, and points near them."""

from __future__ import annotations

from typing import NamedTuple

from gigmatch.core.splitmix import SplitMix64
from gigmatch.model import Location

__all__ = ["AROUND", "CAR_PARK", "DISTRICT", "FAR", "HALL", "STATIONS", "Place", "at", "near"]


class Place(NamedTuple):
    name: str
    lat_e6: int
    lon_e6: int


# --- Places: WGS-84 in millionths of a degree. (G) GeoNames, CC-BY 4.0; (B) named area, converted from BD-09;
# --- (~) by eye, between its neighbours.
HALL = Place("京石零工市场", 39_900_000, 116_195_000)  # (~)
CAR_PARK = Place("京石零工市场旁停车场", 39_902_000, 116_195_000)  # (~)
STATIONS = (
    ("babaoshan", Place("八宝山", 39_900_700, 116_230_800)),  # (G)
    ("laoshan", Place("老山", 39_909_300, 116_212_600)),  # (B)
    ("bajiao", Place("八角", 39_911_900, 116_192_400)),  # (B)
    ("gucheng", Place("古城", 39_906_100, 116_184_400)),  # (B)
    ("pingguoyuan", Place("苹果园", 39_927_000, 116_181_300)),  # (B)
    ("jindingjie", Place("金顶街", 39_926_500, 116_168_000)),  # (~)
    ("guangning", Place("广宁", 39_927_100, 116_137_400)),  # (G)
    ("wulituo", Place("五里坨", 39_945_000, 116_120_000)),  # (~)
    ("lugu", Place("鲁谷", 39_896_700, 116_220_400)),  # (G)
)
DISTRICT = (
    *(place for _, place in STATIONS),
    Place("八大处", 39_942_800, 116_193_500),  # (B)
    Place("杨庄", 39_922_000, 116_188_800),  # (B)
    Place("玉泉路", 39_906_200, 116_247_000),  # (B)
)
AROUND = (
    Place("青塔", 39_891_900, 116_262_500),  # (B) Fengtai
    Place("岳各庄", 39_877_500, 116_272_200),  # (B)
    Place("六里桥", 39_879_000, 116_297_100),  # (B)
    Place("五里店", 39_858_600, 116_249_200),  # (B)
    Place("丰台街道", 39_847_600, 116_272_300),  # (G)
    Place("长辛店", 39_825_500, 116_203_700),  # (B)
    Place("四季青镇", 39_950_700, 116_265_500),  # (G) Haidian
    Place("香山街道", 39_993_200, 116_201_200),  # (G)
    Place("大峪", 39_934_800, 116_097_400),  # (B) Mentougou
    Place("城子", 39_952_200, 116_088_000),  # (B)
    Place("冯村", 39_909_000, 116_095_300),  # (B)
    Place("石门营", 39_891_700, 116_101_500),  # (B)
)
FAR = (
    Place("马驹桥", 39_745_100, 116_539_600),  # (B) Tongzhou, some 35 km from the hall
    Place("梨园", 39_873_900, 116_658_400),  # (B)
    Place("潞苑", 39_934_300, 116_672_900),  # (B)
    Place("顺义", 40_121_700, 116_647_800),  # (G)
)


def at(place: Place, label: bool = True) -> Location:
    name = place.name if label else None
    return Location(lat=place.lat_e6 / 1_000_000, lon=place.lon_e6 / 1_000_000, datum="WGS-84", label=name)


def near(rng: SplitMix64, place: Place, reach_e6: int) -> Place:
    """A point within ``reach_e6`` millionths of a degree, north to south and east to west."""
    lat, lon = rng.between(-reach_e6, reach_e6), rng.between(-reach_e6, reach_e6)
    return place._replace(lat_e6=place.lat_e6 + lat, lon_e6=place.lon_e6 + lon)
