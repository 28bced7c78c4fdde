"""Who takes part: organisations, their names, and what they took part in. Never a private person."""

from __future__ import annotations

from data.schema.columns import col, dated, note, source_url, state_code, table

actors = table(
    "actors",
    "Actores",
    "Actors",
    "Una organización que toma parte; nunca una persona.",
    "An organisation that takes part; never a private person.",
    col(
        "actor_id",
        "Actor",
        "Actor",
        "Identificador del actor, de su nombre normalizado.",
        "Identifier of the actor, from its normalised name.",
        key=True,
    ),
    col("name", "Nombre", "Name", "Nombre de la organización.", "Name of the organisation.", required=True),
    col("acronym", "Siglas", "Acronym", "Siglas.", "Acronym."),
    col("kind", "Tipo", "Kind", "Tipo de organización.", "Kind of organisation.", required=True, enum="actor_kind"),
    state_code(),
    col("country_code", "País", "Country", "Código ISO del país.", "ISO code of the country."),
    source_url(),
    note(),
    subject="actors",
    merge=True,
)

actor_aliases = table(
    "actor_aliases",
    "Otros nombres de los actores",
    "Other names of actors",
    "Otra grafía, siglas o nombre anterior de un actor.",
    "Another spelling, acronym or earlier name of an actor.",
    col(
        "actor_id",
        "Actor",
        "Actor",
        "Identificador del actor.",
        "Identifier of the actor.",
        key=True,
        refers="actors.actor_id",
    ),
    col("alias", "Otro nombre", "Alias", "El otro nombre, como se leyó.", "The other name, as read.", key=True),
    col(
        "basis",
        "Base",
        "Basis",
        "Qué clase de nombre es.",
        "What sort of name it is.",
        required=True,
        enum="alias_basis",
    ),
    subject="actors",
    merge=True,
)

participations = table(
    "participations",
    "Participaciones",
    "Participations",
    "Un actor en un plan, compromiso, ejercicio, secretariado o reto.",
    "An actor in a plan, commitment, exercise, secretariat or challenge.",
    col(
        "participation_id",
        "Participación",
        "Participation",
        "Identificador de la participación.",
        "Identifier of the participation.",
        key=True,
    ),
    col(
        "actor_id",
        "Actor",
        "Actor",
        "Identificador del actor.",
        "Identifier of the actor.",
        required=True,
        refers="actors.actor_id",
    ),
    col(
        "subject_kind",
        "En qué",
        "In what kind",
        "Clase de aquello en lo que participa.",
        "Kind of what it takes part in.",
        required=True,
        enum="subject_kind",
    ),
    col(
        "subject_id",
        "En cuál",
        "In which",
        "Identificador de aquello en lo que participa.",
        "Identifier of what it takes part in.",
        required=True,
    ),
    col("role", "Papel", "Role", "Papel del actor.", "Role of the actor.", required=True, enum="role"),
    col(
        "role_in_source",
        "Papel en la fuente",
        "Role in the source",
        "Papel como lo escribe la fuente.",
        "Role as the source writes it.",
    ),
    state_code(),
    *dated("as_of", "Al", "As of", "Fecha a la que corresponde.", "Date it belongs to."),
    source_url(),
    note(),
    subject="actors",
)
