"""What tables write in one language only, said in the reader's: roles, remarks, facts, publications.

In the data the texts stay as they were written. On a page, what is a note of whoever compiled the table is said in the
reader's language; a name, or what is not known here, stands as it was written, in quotation marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from layouts.components.island import Node
from layouts.i18n import N_, Locale
from layouts.plan_names import in_spanish

_ENGLISH = re.compile(r"\b(of|and|the|for)\b", re.IGNORECASE)
# Of ``participations.role_in_source``: headings of the source's columns, and notes of the compilation.
ROLES = {
    "institutions_involved": N_("institución participante"),
    "lead_institution": N_("institución responsable"),
    "lead_institutions": N_("institución responsable"),
    "forum_members": N_("integrante del foro"),
    "proposing_organizations": N_("organización proponente"),
    "lead": N_("responsable"),
    "support": N_("apoyo"),
    "collaborator": N_("colaborador"),
    "funder": N_("financiador"),
    "organizer": N_("organizador"),
    "partner": N_("aliado"),
    "gobierno": N_("gobierno"),
    "sociedad civil": N_("sociedad civil"),
    "organismo garante": N_("organismo garante"),
    "órgano autónomo": N_("órgano autónomo"),
    "responsible CSO": N_("organización civil responsable"),
    "co-responsible CSO": N_("organización civil corresponsable"),
    "lead (board account)": N_("responsable, según su cuenta en el tablero"),
    "civil society responsible (board account)": N_("responsable civil, según su cuenta en el tablero"),
    "other actor (board draft 2019-11)": N_("otro actor, en el borrador del tablero de noviembre de 2019"),
    "named in activities (board draft 2019-11)": N_(
        "se le nombra en actividades del borrador del tablero de noviembre de 2019"
    ),
    "organisation shown in the footer of the fourth-plan board": N_("aparece al pie del tablero del cuarto plan"),
    "filer of the Response Policy letter of concern, 2018-07-16": N_(
        "presentó la carta de preocupación del 16 de julio de 2018 (Política de Respuesta de OGP)"
    ),
    "civil society core group (Núcleo), 2015": N_("Núcleo de Organizaciones de la Sociedad Civil, 2015"),
    "Tripartite Technical Secretariat": N_("Secretariado Técnico Tripartita"),
    "Coordinating Committee": N_("Comité Coordinador"),
    "promoter of the natural resources transparency index (ITRN)": N_(
        "promotor del índice de transparencia de los recursos naturales (ITRN)"
    ),
    "CSO advocating through the OGP process": N_("organización civil que hizo incidencia por la vía de OGP"),
    "implementing (OGP Leaders Network)": N_("lo pone en práctica (Red de Líderes de OGP)"),
    "added as responsible after the General Law of 2017-11-17": N_(
        "se sumó como responsable tras la Ley General del 17 de noviembre de 2017"
    ),
}
# Of ``participations.note``; the others are names as the source writes them.
REMARKS = {
    "acronym expanded": N_("la fuente escribe la sigla"),
    "acronyms expanded": N_("la fuente escribe las siglas"),
    "name read from logo file and link": N_("el nombre se leyó del logotipo y su enlace"),
    "pilot in Manzanillo, Colima": N_("piloto en Manzanillo, Colima"),
}
# Of ``multicity_facts.name``; the others are names of places, organisations and ideas.
CITY_FACTS = {
    "award ceremony (virtual)": N_("ceremonia de premiación (virtual)"),
    "challenges per city": N_("retos por ciudad"),
    "participating cities": N_("ciudades participantes"),
    "proposals received": N_("propuestas recibidas"),
    "votes cast": N_("votos emitidos"),
    "voting closes": N_("cierre de la votación"),
    "winning ideas across the 5 municipalities": N_("ideas ganadoras en los 5 municipios"),
    "Vive Tu Acera pilot presented (Av. Juárez y C. Falcón)": N_(
        "se presentó el piloto de Vive Tu Acera (Av. Juárez y C. Falcón)"
    ),
}
# Of ``successor`` in the tables of the guarantor bodies; the others are names, in Spanish.
SUCCESSORS = {"administrative body": N_("un órgano administrativo")}
# Of ``reference`` in ``indicators``, ``method_terms`` and ``survey_items``.
PUBLICATIONS = {
    "A. Alcalá, El Financiero 2024-03-05": N_("A. Alcalá, El Financiero, 5 de marzo de 2024"),
    "Diagnóstico Apertura en México 2021 (via slides)": N_("Diagnóstico Apertura en México 2021, según láminas"),
    "INAI press release (2016 entrants listed)": N_("Comunicado del INAI con los ingresos de 2016"),
    "INAI via El Universal 2018-01-03": N_("INAI, según El Universal, 3 de enero de 2018"),
    "INAI via La Jornada Aguascalientes 2019-01": N_("INAI, según La Jornada Aguascalientes, enero de 2019"),
    "INAI, Open Government Metric": N_("INAI, Métrica de Gobierno Abierto"),
    "INAI, Pasos para implementar una estrategia local": N_("INAI, «Pasos para implementar una estrategia local»"),
    "INEGI Censo 2020 (sum of states)": N_("INEGI, Censo 2020 (suma de las entidades)"),
    "J. del Río, Periódico Mirador": N_("J. del Río, Periódico Mirador"),
    "Métrica de Gobierno Abierto": N_("Métrica de Gobierno Abierto"),
    "Nava Polina 2022-05-17 slides": N_("Nava Polina, láminas del 17 de mayo de 2022"),
    "Nava Polina, 2022-05-17, course slides, Tema 4": N_("Nava Polina, láminas de curso, tema 4, 17 de mayo de 2022"),
    "TV Azteca monitoring": N_("Seguimiento de TV Azteca"),
    "press": N_("prensa"),
}


def role_said(written: str, locale: Locale) -> str:
    """The role that a source gives to an actor."""
    return _said(written, ROLES, locale) or quoted(written, locale)


def remark_said(written: str, locale: Locale) -> str:
    """A remark on a participation; the name of the actor in the source where the remark is none that we know."""
    return _said(written, REMARKS, locale) or locale.text("ahí se llama {name}", name=quoted(written, locale))


def city_fact_said(written: str, locale: Locale) -> str:
    """What was counted or happened in the Multi-City Challenge; the name of a place, organisation or idea as it is."""
    return _said(written, CITY_FACTS, locale) or written


def successor_said(written: str, locale: Locale) -> Node:
    """The body that received the functions of another."""
    return _said(written, SUCCESSORS, locale) or in_spanish(written, locale)


def publication_said(written: str, locale: Locale) -> str:
    """The publication that a figure was read in."""
    return _said(written, PUBLICATIONS, locale) or written


def seems_english(name: str) -> bool:
    """Whether a name has words that names in Spanish do not have."""
    return _ENGLISH.search(name) is not None


def quoted(written: str, locale: Locale) -> str:
    """Words that are not ours."""
    return locale.text("«{words}»", words=written)


def _said(written: str, known: Mapping[str, str], locale: Locale) -> str | None:
    return locale.text(known[written]) if written in known else None
