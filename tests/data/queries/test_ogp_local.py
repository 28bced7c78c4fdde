"""The members of OGP Local, against the bundled files read plainly."""

from __future__ import annotations

from collections import Counter

import pytest

from data.database import ReleaseHandle
from data.queries.locality import (
    city_facts,
    contradictions,
    local_actors,
    local_commitments,
    local_plans,
    locality,
    same_commitments,
)
from data.queries.ogp_local import member_commitments, members, plan_counts, published_totals
from tests.data.queries.copies import rows

# The places of Mexico by OGP's name and by ours.
MEXICAN = {
    "Jalisco": "mx-jalisco",
    "Mexico State": "mx-mexico-state",
    "Tlalnepantla de Baz": "mx-tlalnepantla-de-baz",
    "Quintana Roo": "mx-quintana-roo",
    "Nuevo Leon (State)": "mx-nuevo-leon-state",
    "Monterrey": "mx-monterrey",
    "San Pedro Garza García": "mx-san-pedro-garza-garcia",
    "Chihuahua (Municipality)": "mx-chihuahua-municipality",
    "Mexico City": "mx-mexico-city",
    "Mérida": "mx-merida",
}


def test_members_are_those_of_the_file_and_mentions_stand_apart(release: ReleaseHandle) -> None:
    listed = rows("ogp_local", "localities.csv")
    with release.connect() as connection:
        found = members(connection)
    assert Counter(one.is_explicit for one in found) == Counter(
        row["membership_explicit_in_source"] == "yes" for row in listed
    )
    assert Counter((one.cohort, one.joined_year, one.status, one.region) for one in found) == Counter(
        (
            row["cohort"] or None,
            int(row["year_joined"]) if row["year_joined"] else None,
            row["membership_status"] or None,
            row["region"] or None,
        )
        for row in listed
    )
    assert {one.locality_id for one in found if one.country_code == "MX"} == set(MEXICAN.values())


def test_plans_with_two_records_count_once(release: ReleaseHandle) -> None:
    expected = Counter(row["locality"] for row in rows("ogp_local", "action_plans.csv"))
    with release.connect() as connection:
        found = plan_counts(connection)
        jalisco = local_plans(connection, "mx-jalisco")
    assert {MEXICAN[name]: count for name, count in expected.items() if name in MEXICAN} == {
        code: count for code, count in found.items() if code.startswith("mx-")
    }
    assert [plan.number for plan in jalisco] == [1, 2, 3]
    assert [[other.plan_id for other in plan.others] for plan in jalisco] == [
        ["MX-14-PAL1"],
        ["MX-14-PAL2"],
        ["MX-14-PAL3"],
    ]


def test_commitments_and_their_marks_are_those_of_the_file(release: ReleaseHandle) -> None:
    listed = [row for row in rows("ogp_local", "commitments.csv") if row["country"] == "Mexico"]
    with release.connect() as connection:
        found = member_commitments(connection)
    assert Counter(one.locality_id for one in found) == Counter(MEXICAN[row["locality"]] for row in listed)
    reviewed = [row for row in listed if row["inception_novelty"] or row["inception_ambition"]]
    assert sum(one.has_inception for one in found) == len(reviewed)
    assert all(one.verifiable == "yes" for one in found if one.has_inception)
    complete = [row for row in listed if row["completion"] == "Complete"]
    assert sum("complete" in (one.completion, one.closing) for one in found) == len(complete)
    # Two voices of two kinds: only the legacy register of Jalisco was coded by the IRM.
    assert {one.commitment_id for one in found if one.completion} == {
        row["commitment_id"] for row in complete if row["commitment_id"].startswith("JAL")
    }


def test_the_published_totals_contradict_one_another(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = published_totals(connection)
    # The method page, "Contradictions"; the 76 is of the slides of 2022.
    assert [one.value for one in found] == [76, 104, 105, 106, 150]
    assert {one.value: one.as_of for one in found}[150] == "2025-10"


def test_a_member_has_its_ids_in_two_registers(release: ReleaseHandle) -> None:
    ids = {row["commitment_id"] for row in rows("ogp_local", "commitments.csv") if row["locality"] == "Jalisco"}
    with release.connect() as connection:
        jalisco = locality(connection, "mx-jalisco")
        assert jalisco is not None
        found = local_commitments(connection, jalisco)
    by_register = {
        register: {one for commitment in found for name, one, _ in commitment.ids if name == register}
        for register in ("ogp_legacy_local", "ogp")
    }
    assert by_register["ogp_legacy_local"] == {one for one in ids if one.startswith("JAL")}
    assert by_register["ogp"] == {one for one in ids if one.startswith("MXJL")}
    assert (jalisco.legacy_prefix, jalisco.ogp_code, jalisco.joined_year) == ("JAL", "MXJL", 2016)


def test_a_commitment_of_two_members_names_the_other(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        monterrey = locality(connection, "mx-monterrey")
        assert monterrey is not None
        shared = same_commitments(connection, local_commitments(connection, monterrey))
        merida = locality(connection, "mx-merida")
        assert merida is not None
        assert same_commitments(connection, local_commitments(connection, merida)) == []
    # One commitment, told by two governments: the green corridors of Monterrey and San Pedro.
    assert [(one.commitment_id, one.locality_id) for one in shared] == [("MXMTY0005", "mx-san-pedro-garza-garcia")]


def test_institutions_of_a_member_are_those_of_its_plans_and_commitments(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = local_actors(connection, "mx-nuevo-leon-state")
    names = {one.name for one in found}
    assert {"Accountability Lab México", "Gobierno del Estado de Nuevo León"} & names
    assert [one.things for one in found] == sorted((one.things for one in found), reverse=True)


def test_the_city_challenge_is_told_by_municipality(release: ReleaseHandle) -> None:
    expected = [row for row in rows("ogp_local", "multicity.csv") if row["city"] == "San Pedro"]
    with release.connect() as connection:
        found = city_facts(connection, "19019")
        assert city_facts(connection, "19039") == []
    assert Counter(one.kind for one in found) == Counter(row["record_type"] for row in expected)


def test_what_sources_dispute_of_a_member_has_both_sides(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        found = contradictions(connection, "mx-jalisco")
        assert contradictions(connection, "mx-merida") == []
    (joined,) = found
    assert [side[0][:4] for side in joined.sides] == ["2016", "2017"]


@pytest.mark.parametrize("locality_id", ["", "mx", "mx-jalisco'", "MX-JALISCO"])
def test_an_unknown_member_is_none(release: ReleaseHandle, locality_id: str) -> None:
    with release.connect() as connection:
        assert locality(connection, locality_id) is None
        assert local_plans(connection, locality_id) == []
