"""What was found on the way: findings, the sides of a contradiction, rejected rows."""

from __future__ import annotations

from data.schema.columns import col, table

findings = table(
    "findings",
    "Hallazgos",
    "Findings",
    "Algo que encontró una verificación.",
    "Something a check found.",
    col("finding_id", "Hallazgo", "Finding", "Identificador del hallazgo.", "Identifier of the finding.", key=True),
    col(
        "severity",
        "Gravedad",
        "Severity",
        "Error, advertencia o aviso.",
        "Error, warning or notice.",
        required=True,
        enum="severity",
    ),
    col("check_id", "Verificación", "Check", "Qué verificación lo encontró.", "Which check found it.", required=True),
    col("table_name", "Tabla", "Table", "Tabla a la que se refiere.", "Table it refers to."),
    col("row_key", "Fila", "Row", "Clave de la fila.", "Key of the row."),
    col(
        "state_code",
        "Clave de entidad",
        "State code",
        "Entidad a la que se refiere.",
        "State it refers to.",
        refers="states.state_code",
    ),
    col("message_es", "Mensaje", "Message (Spanish)", "Qué se encontró.", "What was found.", required=True),
    col(
        "message_en",
        "Mensaje en inglés",
        "Message",
        "Qué se encontró, en inglés.",
        "What was found, in English.",
        required=True,
    ),
    subject="provenance",
    facts=False,
)

finding_sides = table(
    "finding_sides",
    "Lados de una contradicción",
    "Sides of a contradiction",
    "Lo que dice una de las fuentes que se contradicen.",
    "What one of the contradicting sources says.",
    col("finding_id", "Hallazgo", "Finding", "Hallazgo.", "Finding.", key=True, refers="findings.finding_id"),
    col(
        "position",
        "Orden",
        "Position",
        "Orden del lado.",
        "Order of the side.",
        key=True,
        kind="integer",
        unit="ordinal",
        minimum=1,
    ),
    col("source_id", "Fuente", "Source", "Fuente que lo dice.", "Source that says it.", refers="sources.source_id"),
    col("says", "Dice", "Says", "El valor que da, tal cual.", "The value it gives, as it stands.", required=True),
    col("about_es", "Sobre qué", "About what (Spanish)", "Qué es ese valor.", "What that value is."),
    col(
        "about_en",
        "Sobre qué, en inglés",
        "About what",
        "Qué es ese valor, en inglés.",
        "What that value is, in English.",
    ),
    col("as_of", "Fecha", "As of", "Fecha de lo dicho.", "Date of what is said."),
    col("source_url", "Dirección de la fuente", "Source address", "Dónde lo dice.", "Where it says so.", kind="url"),
    subject="provenance",
    facts=False,
)

rejected_rows = table(
    "rejected_rows",
    "Filas rechazadas",
    "Rejected rows",
    "Una fila de una fuente que no se pudo cargar.",
    "A source row that could not be loaded.",
    col("source_id", "Fuente", "Source", "Fuente.", "Source.", key=True, refers="sources.source_id"),
    col("file", "Archivo", "File", "Archivo.", "File.", key=True),
    col("position", "Posición", "Position", "Línea o registro.", "Line or record.", key=True),
    col(
        "reason",
        "Motivo",
        "Reason",
        "Por qué no se cargó y qué sería correcto.",
        "Why it was not loaded and what would be right.",
        required=True,
    ),
    col(
        "raw",
        "Fila original",
        "Original row",
        "La fila como se leyó, sin datos personales.",
        "The row as read, without personal data.",
        kind="json",
        required=True,
    ),
    subject="provenance",
    facts=False,
)
