"""A small site on the real shell and the real release, to try the shell by: ``tests.web.sample:server`` for gunicorn.

Its pages use each part once; what the site itself shows has its own tests.
"""

from __future__ import annotations

from dash import html
from flask import Flask
from sqlalchemy import select

from data.database import Database
from data.schema.places import states
from layouts.components.chart import chart
from layouts.components.island import with_attributes
from layouts.components.state_map import MapState, map_outlines, state_map
from layouts.components.tables import Bar, Column, Key, Part, bars, table
from layouts.components.texts import Fact, empty, facts
from layouts.components.view import Data, Source, view
from layouts.page import Missing, Page, PageView, Visit
from settings import Settings, settings
from web.site import create_site

HOSTILE = "<script>alert('1')</script> & \"más\""


def show(visit: Visit) -> PageView:
    """The states, by letter and word, as map, bars, chart and table."""
    query, locale = visit.query, visit.locale
    letter = query.choice("letra", "Letra", [(letter, letter.upper()) for letter in "abcdgjmnopqstvyz"], every="Todas")
    size = query.choice("tamano", "Tamaño", [("todos", "Todos"), ("grandes", "Grandes")], "todos")
    word = query.search("q", "Buscar")
    order = query.order("orden", ["nombre", "clave"], "nombre")
    with visit.release.connect() as connection:
        every = connection.execute(select(states.c.state_code, states.c.name, states.c.population_2020)).all()
    rows = [row for row in every if not letter or row.name.lower().startswith(letter)]
    rows = [row for row in rows if size == "todos" or row.population_2020 > 5_000_000]
    rows = [row for row in rows if not word or word.lower() in row.name.lower()]
    rows.sort(key=lambda row: row.name if order == "nombre" else row.state_code)
    chosen = {row.state_code for row in rows}
    shapes = {
        row.state_code: MapState(
            "level-4" if row.state_code in chosen else "no-data", row.name, locale.link(f"/estados/{row.state_code}")
        )
        for row in every
    }
    count = locale.plural("{n} ficha", "{n} fichas", len(rows))
    people = [[html.A(row.name, href=locale.link(f"/estados/{row.state_code}")), row.population_2020] for row in rows]
    columns = [Column("Entidad", "row", sort=query.link(orden="clave")), Column("Población", "number")]
    figure = {
        "data": [{"type": "bar", "x": [row.name for row in rows], "y": [row.population_2020 for row in rows]}],
        "layout": {},
    }
    share = sum(row.population_2020 for row in rows) / sum(row.population_2020 for row in every)
    bar = Bar("México", [Part(share, "verified", locale.percent(share))], locale.percent(share))
    return PageView(
        title="Estados",
        kicker=HOSTILE,
        sentence=count,
        text=with_attributes(html.A("Solo la J", href=query.link(letra="j")), {"data-query": ""}),
        filters=query.form(),
        content=[
            facts([Fact("entidades", str(len(rows)), of="de 32"), Fact("otra cosa", None)], locale),
            view(
                visit,
                key="mapa",
                sentence=count,
                keys=[Key("level-4", "Elegida"), Key("no-data", "No")],
                figure=state_map(shapes, locale),
                table=table("Población", columns, people, locale),
                sources=[Source("INEGI", "/fuentes")],
                data=Data("states", query.values()),
            ),
            view(
                visit,
                key="parte",
                sentence=count,
                figure=bars("Parte", ("País", "Parte", "%"), [bar], locale),
                sources=[],
            ),
            view(visit, key="barras", sentence=count, figure=chart(figure, key="barras", locale=locale), sources=[])
            if rows
            else empty("Nada coincide.", [(query.link(q=None), "Quitar la búsqueda")]),
        ],
        still=[map_outlines()],
    )


def show_one(visit: Visit) -> PageView:
    """One state, if there is one with that code."""
    code = visit.place["state_code"]
    with visit.release.connect() as connection:
        name = connection.execute(select(states.c.name).where(states.c.state_code == code)).scalar()
    if name is None:
        raise Missing(f"No hay una entidad con la clave {code}.", [(visit.locale.link("/estados"), "Ver todas")])
    return PageView(title=name, sentence=f"{name}.", content=[])


def show_still(visit: Visit) -> PageView:
    """A page without filters and charts."""
    return PageView(title="Quieta", sentence="Nada se mueve.", content=[html.P("Nada.")])


def fail(visit: Visit) -> PageView:
    """A page with a fault."""
    raise RuntimeError("a fault in a page")


PAGES = (
    Page("/estados", show, nav="Estados", order=1),
    Page("/estados/<state_code>", show_one),
    Page("/falla", fail, nav="Falla", order=2),
    Page("/quieta", show_still),
)


def sample_site(configuration: Settings) -> Flask:
    """The sample as an application."""
    return create_site(configuration, Database(configuration), PAGES)


server = sample_site(settings())
