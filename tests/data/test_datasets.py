"""The query language of the datasets: against a plain reading in Python, on both engines, and against attack."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl

import pytest
from psycopg import sql
from sqlalchemy import Connection, Table, func, select, true
from sqlalchemy.engine import make_url

from data.database import Database, ReleaseHandle
from data.dialect import QueryTimeout, QueryTooLarge, in_key_order, time_limit
from data.queries.dataset_filters import NULLNESS, operators
from data.queries.datasets import (
    DatasetQuery,
    QueryError,
    UnknownDataset,
    count,
    dataset,
    datasets,
    in_batches,
    page,
    parse,
    stream,
)
from data.schema import TABLES, key_columns
from etl.release import open_store
from etl.run import RunResult
from settings import Settings
from tests.both_engines import execute
from tests.data.plain_reading import asked_of, kept_by, samples

Pairs = Sequence[tuple[str, str]]
ATTACKS = [
    "' OR 1=1 --",
    '"; DROP TABLE states; --',
    "1); SELECT * FROM read_csv('/etc/passwd'); --",
    "%' ESCAPE '",
    "../../etc/passwd",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "a\r\nSet-Cookie: x=1",
    "/_%\\",
    ":name",
    "$1",
    "\x00",
    "\ud800",
    "á" * 1000,
    "",
]


@pytest.fixture(scope="module")
def on_postgres(built: tuple[Settings, RunResult], postgres_url: str) -> Iterator[ReleaseHandle]:
    """The release of the bundled copies, published in PostgreSQL too."""
    name = f"apertura_{uuid.uuid4().hex}"
    server = make_url(postgres_url)
    execute(postgres_url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    settings, result = built
    there = settings.model_copy(
        update={"database_url": server.set(database=name).render_as_string(hide_password=False)}
    )
    files, schemas = open_store(settings), open_store(there)
    current = files.current()
    assert current is not None
    with schemas.run_lock(), schemas.begin(result.release_id) as draft:
        for table in TABLES:
            if table not in ("releases", "release_tables"):
                draft.write(table, files.read_table(result.release_id, table))
        draft.publish(current)
    schemas.close()
    database = Database(there)
    handle = database.current()
    assert handle is not None, database.problem
    yield handle
    database.close()
    execute(postgres_url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["duckdb", pytest.param("postgresql", marks=pytest.mark.postgres)])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A connection to the same release on each engine."""
    name = "release" if request.param == "duckdb" else "on_postgres"
    handle: ReleaseHandle = request.getfixturevalue(name)
    with handle.connect() as opened:
        yield opened


def _all(connection: Connection, table: Table) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(select(table)).mappings()]


def _asked(connection: Connection, table: Table, *pairs: tuple[str, str]) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in stream(connection, parse(table, pairs))]


def _by_key(table: Table, rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The rows in the order of the key, texts by code point, as tuples."""
    return [tuple(row.values()) for row in sorted(rows, key=lambda row: [row[name] for name in key_columns(table)])]


@pytest.mark.slow
@pytest.mark.parametrize("name", datasets())
def test_every_filter_on_every_column_keeps_the_rows_it_should(connection: Connection, name: str) -> None:
    table = dataset(name)
    rows = _all(connection, table)
    assert _asked(connection, table) == _by_key(table, rows)
    keys = key_columns(table)
    for column in table.columns:
        values = samples(rows, column.name)
        for operator in operators(column):
            for value in NULLNESS if operator == "is" else values:
                pair = asked_of(column, operator, value)
                kept = kept_by(rows, column.name, operator, value)
                query = parse(table, [pair, ("select", ",".join(keys))])
                assert count(connection, query) == len(kept), pair
                expected = sorted(tuple(row[key] for key in keys) for row in kept)
                assert [tuple(row) for row in stream(connection, query)] == expected, pair


@pytest.mark.parametrize(
    ("sort", "size"),
    [("", 7), ("-population_2020", 5), ("abbreviation,-name", 32), ("-abbreviation", 40)],
)
def test_pages_walk_through_all_rows_once(connection: Connection, sort: str, size: int) -> None:
    _walk(connection, dataset("states"), sort, size)


@pytest.mark.parametrize("sort", ["-country_code,is_proactive", "is_proactive", "-is_proactive,-starts_on", "title_en"])
def test_pages_walk_through_missing_values_and_yes_and_no(connection: Connection, sort: str) -> None:
    walked = _walk(connection, dataset("commitments"), sort, 700)
    column = dataset("commitments").columns.keys().index(sort.split(",")[0].removeprefix("-"))
    known = [row[column] is not None for row in walked]
    assert known == sorted(known, reverse=True), "what is not known comes last"


def test_pages_walk_through_fractions(connection: Connection) -> None:
    walked = _walk(connection, dataset("metric_institutions"), "-open_government", 100)
    column = list(dataset("metric_institutions").columns.keys()).index("open_government")
    values = [row[column] for row in walked]
    assert values == sorted(values, reverse=True)


def _walk(connection: Connection, table: Table, sort: str, size: int) -> list[tuple[Any, ...]]:
    pairs = [("sort", sort)] if sort else []
    whole = _asked(connection, table, *pairs)
    walked: list[tuple[Any, ...]] = []
    following: str | None = None
    while True:
        further = [("after", following)] if following else []
        rows, following = page(connection, parse(table, [*pairs, ("limit", str(size)), *further]))
        walked += [tuple(row) for row in rows]
        if following is None:
            break
        assert len(rows) == size
    assert walked == whole
    assert len(set(walked)) == connection.scalar(select(func.count()).select_from(table))
    return walked


def test_the_order_is_that_of_the_values(connection: Connection) -> None:
    found = _asked(
        connection, dataset("states"), ("sort", "-population_2020"), ("select", "state_code"), ("limit", "3")
    )
    assert found == [("15",), ("09",), ("14",)]


def test_accents_and_case_do_not_matter_in_a_search(connection: Connection) -> None:
    for words in ("MÉRIDA", "merida", "Mérida"):
        found = _asked(connection, dataset("states"), ("capital.contains", words), ("select", "state_code"))
        assert found == [("31",)]


def test_percent_and_underscore_are_letters(connection: Connection) -> None:
    assert _asked(connection, dataset("states"), ("name.contains", "%")) == []
    assert _asked(connection, dataset("states"), ("name.contains", "M_x")) == []


def test_a_partial_date_passes_only_if_all_it_may_mean_does(connection: Connection) -> None:
    table = dataset("exercises")
    known = {row[0] for row in connection.execute(select(table.c.starts_on)) if row[0]}
    until = {row[0] for row in _asked(connection, table, ("starts_on.lte", "2018"), ("select", "starts_on"))}
    since = {row[0] for row in _asked(connection, table, ("starts_on.gt", "2018"), ("select", "starts_on"))}
    assert until | since == known
    assert all(date[:4] <= "2018" for date in until)
    assert all(date[:4] > "2018" for date in since)


def test_repeated_values_are_any_of_them(connection: Connection) -> None:
    found = _asked(connection, dataset("states"), ("state_code", "31"), ("state_code", "09"), ("select", "state_code"))
    assert found == [("09",), ("31",)]


@pytest.mark.parametrize(
    ("name", "pairs", "parameter"),
    [
        ("states", [("colour", "red")], "colour"),
        ("states", [("state_code", "9")], "state_code"),
        ("states", [("state_code", "09\n")], "state_code"),
        ("states", [("population_2020", "many")], "population_2020"),
        ("states", [("population_2020", "99999999999")], "population_2020"),
        ("states", [("population_2020.contains", "1")], "population_2020.contains"),
        ("states", [("name.like", "x")], "name.like"),
        ("states", [("name.", "x")], "name."),
        ("states", [("name.is", "nothing")], "name.is"),
        ("states", [("name.contains", "")], "name.contains"),
        ("states", [("name.gte", "A"), ("name.gte", "B")], "name.gte"),
        ("metric_scores", [("value", "nan")], "value"),
        ("metric_scores", [("value.gte", "1e999")], "value.gte"),
        ("commitments", [("is_proactive", "maybe")], "is_proactive"),
        ("commitments", [("is_proactive.gte", "true")], "is_proactive.gte"),
        ("commitments", [("scope", "galactic")], "scope"),
        ("commitments", [("starts_on.gte", "2018-13")], "starts_on.gte"),
        ("states", [("select", "name,colour")], "select"),
        ("states", [("select", "")], "select"),
        ("states", [("sort", "-colour")], "sort"),
        ("states", [("limit", "0")], "limit"),
        ("states", [("limit", "ten")], "limit"),
        ("states", [("limit", "5"), ("limit", "6")], "limit"),
        ("states", [("after", "bm90LW91cnM")], "after"),
        ("states", [("after", "ñ")], "after"),
    ],
)
def test_what_a_dataset_does_not_take_is_named(name: str, pairs: Pairs, parameter: str) -> None:
    with pytest.raises(QueryError) as raised:
        parse(dataset(name), pairs)
    assert raised.value.parameter == parameter
    assert raised.value.message.es
    assert raised.value.message.en


def test_a_wrong_code_is_answered_with_the_right_ones() -> None:
    with pytest.raises(QueryError) as raised:
        parse(dataset("commitments"), [("scope", "galactic")])
    assert raised.value.allowed == ("national", "state", "municipal", "local")


def test_a_place_belongs_to_the_order_it_was_given_in(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        following = page(connection, parse(dataset("states"), [("limit", "2")]))[1]
    assert following is not None
    with pytest.raises(QueryError, match="after"):
        parse(dataset("states"), [("sort", "name"), ("after", following)])
    with pytest.raises(QueryError, match="after"):
        parse(dataset("countries"), [("after", following)])


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_in_any_parameter_is_refused_or_plain_data(connection: Connection, attack: str) -> None:
    before = connection.scalar(select(func.count()).select_from(TABLES["states"]))
    table = dataset("commitments")
    parameters = [*table.columns.keys(), "title_es.contains", "title_es.gte", "title_es.ne", "theme.lt", "theme.is"]
    for parameter in [*parameters, "select", "sort", "limit", "after", attack]:
        try:
            query = parse(table, [(parameter, attack)])
        except QueryError:
            continue
        assert [row for row in stream(connection, query) if attack in row] == []
    assert connection.scalar(select(func.count()).select_from(TABLES["states"])) == before == 32


@pytest.mark.parametrize(
    "pairs",
    [
        [("name", "b"), ("name", "a"), ("name", "a"), ("capital.contains", "ñandú & más")],
        [("sort", "name , -capital,name"), ("select", "name,name"), ("limit", "007")],
        [("population_2020.gte", "+5"), ("name.is", "null")],
    ],
)
def test_queries_that_ask_for_the_same_are_written_the_same(pairs: Pairs) -> None:
    query = parse(dataset("states"), pairs)
    again = parse(dataset("states"), parse_qsl(query.canonical()))
    assert again == query
    assert again.canonical() == query.canonical()
    assert parse(dataset("states"), list(reversed(pairs))).conditions == query.conditions


def test_only_public_tables_are_datasets() -> None:
    assert set(datasets()) == {name for name, table in TABLES.items() if table.info["public"]}
    with pytest.raises(UnknownDataset):
        dataset("information_schema.tables")


def test_no_column_is_called_like_a_parameter() -> None:
    names = {column.name for table in TABLES.values() for column in table.columns}
    assert names.isdisjoint({"select", "sort", "limit", "after", "corte"})
    assert not any("." in name for name in names)


def test_a_query_that_takes_too_long_is_ended(release: ReleaseHandle) -> None:
    ratings = TABLES["commitment_ratings"]
    one, two, three = ratings.alias(), ratings.alias(), ratings.alias()
    every = one.join(two, true()).join(three, true())
    endless = select(func.sum(func.length(one.c.report + two.c.report + three.c.report))).select_from(every)
    with release.connect() as connection, pytest.raises(QueryTimeout), time_limit(connection, 0.2):
        connection.execute(endless)
    with release.connect() as connection:
        assert len(_asked(connection, dataset("states"))) == 32


def test_a_query_that_takes_too_much_memory_is_ended(release: ReleaseHandle) -> None:
    ratings = TABLES["commitment_ratings"]
    one, two = ratings.alias(), ratings.alias()
    # A list of all pairs is one value, which no engine can set aside on disk.
    pairs = select(func.list(one.c.report + two.c.report).label("pairs")).select_from(one.join(two, true())).subquery()
    with release.connect() as connection, pytest.raises(QueryTooLarge), time_limit(connection):
        connection.execute(select(func.len(pairs.c.pairs)))
    with release.connect() as connection:
        assert len(_asked(connection, dataset("states"))) == 32


def test_rows_that_stand_in_order_are_known_to(release: ReleaseHandle) -> None:
    with release.connect() as connection:
        for name in ("states", "commitment_progress", "actors"):
            table = dataset(name)
            stored = [tuple(row) for row in connection.execute(select(*(table.c[key] for key in key_columns(table))))]
            assert in_key_order(connection, table, small=0) == (stored == sorted(stored))


@pytest.mark.parametrize("limit", [1, 3, 4, 7, None])
def test_rows_that_need_no_sort_stop_at_the_limit(
    release: ReleaseHandle, limit: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.queries.datasets.SORTED_WITHOUT_THOUGHT", 0)
    query = DatasetQuery(dataset("states"), limit=limit)
    with release.connect() as connection:
        assert in_key_order(connection, query.table, small=0)
        batches = [len(rows) for rows in in_batches(connection, query, size=3)]
        codes = [row[0] for row in stream(connection, query)]
    assert sum(batches) == (limit or 32)
    assert codes == [f"{code:02}" for code in range(1, (limit or 32) + 1)]


def test_pages_that_need_no_sort_are_the_same_pages(release: ReleaseHandle, monkeypatch: pytest.MonkeyPatch) -> None:
    def walk() -> list[tuple[list[Sequence[object]], str | None]]:
        found: list[tuple[list[Sequence[object]], str | None]] = []
        place = None
        with release.connect() as connection:
            while not found or place:
                pairs = [("limit", "10"), ("population_2020.gte", "1000000"), *([("after", place)] if place else [])]
                rows, place = page(connection, parse(dataset("states"), pairs))
                found.append((rows, place))
        return found

    sorted_pages = walk()
    monkeypatch.setattr("data.queries.datasets.SORTED_WITHOUT_THOUGHT", 0)
    assert len(sorted_pages) > 1
    assert walk() == sorted_pages
