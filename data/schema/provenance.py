"""Where everything came from: sources, copies, fetch attempts, releases."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column

from data.schema.columns import col, table


def _rows(name: str, es: str, en: str, about_es: str, about_en: str, *, required: bool = False) -> Column[Any]:
    """A column that counts rows."""
    return col(name, es, en, about_es, about_en, kind="integer", required=required, unit="rows", minimum=0)


sources = table(
    "sources",
    "Fuentes",
    "Sources",
    "Una fuente de esta base.",
    "A source of this database.",
    col("source_id", "Fuente", "Source", "Identificador de la fuente.", "Identifier of the source.", key=True),
    col("title_es", "Título", "Title (Spanish)", "Título de la fuente.", "Title of the source.", required=True),
    col("title_en", "Título en inglés", "Title", "Título en inglés.", "Title in English.", required=True),
    col("summary_es", "Resumen", "Summary (Spanish)", "Qué contiene.", "What it holds.", required=True),
    col(
        "summary_en",
        "Resumen en inglés",
        "Summary",
        "Qué contiene, en inglés.",
        "What it holds, in English.",
        required=True,
    ),
    col(
        "publisher_es", "Quién publica", "Publisher (Spanish)", "Quién la publica.", "Who publishes it.", required=True
    ),
    col(
        "publisher_en",
        "Quién publica, en inglés",
        "Publisher",
        "Quién la publica, en inglés.",
        "Who publishes it, in English.",
        required=True,
    ),
    col("license_es", "Licencia", "Licence (Spanish)", "Términos de uso.", "Terms of use.", required=True),
    col(
        "license_en",
        "Licencia, en inglés",
        "Licence",
        "Términos de uso, en inglés.",
        "Terms of use, in English.",
        required=True,
    ),
    col(
        "license_url",
        "Dirección de la licencia",
        "Licence address",
        "Dirección de los términos de uso.",
        "Address of the terms of use.",
        kind="url",
    ),
    col(
        "address",
        "Dirección",
        "Address",
        "Dirección documentada de la fuente.",
        "Documented address of the source.",
        kind="url",
    ),
    col(
        "cadence",
        "Periodicidad",
        "Cadence",
        "Cada cuánto se actualiza.",
        "How often it is updated.",
        required=True,
        enum="cadence",
    ),
    col(
        "coverage_es",
        "Cobertura",
        "Coverage (Spanish)",
        "Qué cubre y qué falta.",
        "What it covers and what is missing.",
        required=True,
    ),
    col(
        "coverage_en",
        "Cobertura, en inglés",
        "Coverage",
        "Qué cubre y qué falta, en inglés.",
        "What it covers and what is missing, in English.",
        required=True,
    ),
    col(
        "personal_data_es",
        "Datos personales",
        "Personal data (Spanish)",
        "Regla sobre datos personales.",
        "Rule on personal data.",
        required=True,
    ),
    col(
        "personal_data_en",
        "Datos personales, en inglés",
        "Personal data",
        "Regla sobre datos personales, en inglés.",
        "Rule on personal data, in English.",
        required=True,
    ),
    subject="provenance",
    facts=False,
)

source_warnings = table(
    "source_warnings",
    "Advertencias de las fuentes",
    "Warnings of sources",
    "Una advertencia de uso de una fuente.",
    "A usage warning of a source.",
    col("source_id", "Fuente", "Source", "Fuente.", "Source.", key=True, refers="sources.source_id"),
    col("warning", "Advertencia", "Warning", "Advertencia de uso.", "Usage warning.", key=True, enum="usage_warning"),
    subject="provenance",
    facts=False,
)

source_assertions = table(
    "source_assertions",
    "Condiciones de las fuentes",
    "Assertions about sources",
    "Una condición que una fuente debe cumplir para que se publique.",
    "A condition that a source must meet for anything to be published.",
    col("source_id", "Fuente", "Source", "Fuente.", "Source.", key=True, refers="sources.source_id"),
    col(
        "position",
        "Orden",
        "Position",
        "Orden de la condición.",
        "Order of the assertion.",
        key=True,
        kind="integer",
        unit="ordinal",
        minimum=1,
    ),
    col(
        "table_name", "Tabla", "Table", "Tabla cuyas filas se cuentan.", "Table whose rows are counted.", required=True
    ),
    col(
        "condition",
        "Filas contadas",
        "Rows counted",
        "Qué filas se cuentan, si no todas: columna = valor.",
        "Which rows are counted, where not all: column = value.",
    ),
    _rows(
        "rows_at_least",
        "Mínimo",
        "At least",
        "Menos filas detienen la publicación.",
        "Fewer rows stop the publication.",
        required=True,
    ),
    _rows(
        "rows_at_most",
        "Máximo",
        "At most",
        "Más filas detienen la publicación; vacío, sin máximo.",
        "More rows stop the publication; empty, no maximum.",
    ),
    _rows(
        "rows_found",
        "Filas encontradas",
        "Rows found",
        "Filas que dio la fuente.",
        "Rows that the source gave.",
        required=True,
    ),
    subject="provenance",
    facts=False,
)

finding_sources = table(
    "finding_sources",
    "Fuentes de los hallazgos",
    "Sources of findings",
    "Una fuente de la que trata un hallazgo.",
    "A source that a finding is about.",
    col("finding_id", "Hallazgo", "Finding", "Hallazgo.", "Finding.", key=True, refers="findings.finding_id"),
    col("source_id", "Fuente", "Source", "Fuente.", "Source.", key=True, refers="sources.source_id"),
    subject="provenance",
    facts=False,
)

snapshots = table(
    "snapshots",
    "Copias",
    "Copies",
    "Una copia de un archivo de una fuente.",
    "One copy of a file of a source.",
    col(
        "snapshot_id",
        "Copia",
        "Copy",
        "Identificador: fuente, fecha y archivo.",
        "Identifier: source, date and file.",
        key=True,
    ),
    col("source_id", "Fuente", "Source", "Fuente.", "Source.", required=True, refers="sources.source_id"),
    col("file", "Archivo", "File", "Nombre del archivo.", "File name.", required=True),
    col(
        "fetched_at",
        "Obtenida",
        "Fetched",
        "Cuándo se obtuvo.",
        "When it was fetched.",
        kind="timestamp",
        required=True,
    ),
    col(
        "via",
        "Por qué vía",
        "By which way",
        "En línea, archivo de la web, copia incluida o carga.",
        "Live, web archive, bundled copy or upload.",
        required=True,
        enum="via",
    ),
    col("url", "Dirección", "Address", "De dónde se obtuvo.", "Where it was fetched from.", kind="url"),
    col(
        "sha256",
        "SHA-256",
        "SHA-256",
        "Huella de la copia.",
        "Hash of the copy.",
        required=True,
        pattern=r"^[0-9a-f]{64}$",
    ),
    col(
        "bytes",
        "Tamaño",
        "Size",
        "Tamaño de la copia.",
        "Size of the copy.",
        kind="integer",
        required=True,
        unit="bytes",
        minimum=0,
    ),
    _rows("rows_read", "Filas leídas", "Rows read", "Filas leídas de la copia.", "Rows read from the copy."),
    _rows("rows_loaded", "Filas cargadas", "Rows loaded", "Filas cargadas.", "Rows loaded."),
    _rows(
        "rows_rejected",
        "Filas rechazadas",
        "Rows rejected",
        "Filas rechazadas, cada una con su motivo.",
        "Rows rejected, each with its reason.",
    ),
    _rows(
        "rows_ignored",
        "Filas declaradas fuera",
        "Rows declared out",
        "Filas que se declararon fuera, con motivo.",
        "Rows declared as left out, with a reason.",
    ),
    subject="provenance",
    facts=False,
)

fetch_attempts = table(
    "fetch_attempts",
    "Intentos de obtención",
    "Fetch attempts",
    "Un paso al obtener un archivo.",
    "One step in fetching a file.",
    col("source_id", "Fuente", "Source", "Fuente.", "Source.", key=True, refers="sources.source_id"),
    col("file", "Archivo", "File", "Archivo.", "File.", key=True),
    col(
        "position",
        "Orden",
        "Position",
        "Orden del paso.",
        "Order of the step.",
        key=True,
        kind="integer",
        unit="ordinal",
        minimum=1,
    ),
    col("via", "Vía", "Way", "Por qué vía se intentó.", "By which way it was tried.", required=True, enum="via"),
    col("url", "Dirección", "Address", "Dirección intentada.", "Address tried."),
    col("outcome", "Resultado", "Outcome", "Qué pasó.", "What happened.", required=True),
    col("detail", "Detalle", "Detail", "Detalle del resultado.", "Detail of the outcome."),
    subject="provenance",
    facts=False,
)

releases = table(
    "releases",
    "Versiones",
    "Releases",
    "Una versión publicada de esta base.",
    "A published release of this database.",
    col("release_id", "Versión", "Release", "Identificador de la versión.", "Identifier of the release.", key=True),
    col(
        "built_at", "Construida", "Built", "Cuándo se construyó.", "When it was built.", kind="timestamp", required=True
    ),
    col(
        "input_hash",
        "Huella de entradas",
        "Input hash",
        "SHA-256 de las copias, el esquema y las reglas.",
        "SHA-256 of copies, schema and rules.",
        required=True,
    ),
    col(
        "content_hash",
        "Huella de contenido",
        "Content hash",
        "SHA-256 del contenido de las tablas.",
        "SHA-256 of the contents of the tables.",
        required=True,
    ),
    col(
        "schema_version",
        "Versión del esquema",
        "Schema version",
        "Huella del esquema.",
        "Hash of the schema.",
        required=True,
    ),
    col("git_commit", "Código", "Code", "Versión del código que la construyó.", "Version of the code that built it."),
    col(
        "previous_release_id",
        "Versión anterior",
        "Previous release",
        "Versión contra la que se comparó.",
        "Release it was compared with.",
    ),
    subject="provenance",
    facts=False,
)

release_tables = table(
    "release_tables",
    "Filas por tabla y versión",
    "Rows by table and release",
    "Cuántas filas tiene una tabla en una versión.",
    "How many rows a table has in a release.",
    col("release_id", "Versión", "Release", "Versión.", "Release.", key=True, refers="releases.release_id"),
    col("table_name", "Tabla", "Table", "Tabla.", "Table.", key=True),
    _rows("row_count", "Filas", "Rows", "Número de filas.", "Number of rows.", required=True),
    subject="provenance",
    facts=False,
)
