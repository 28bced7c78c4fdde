"""Closed lists about how the data came to be: the survey, the sources, the releases, the checks."""

from __future__ import annotations

PROCESS: dict[str, dict[str, tuple[str, str]]] = {
    "answer_type": {
        "catalog": ("catálogo", "catalogue"),
        "text": ("texto", "text"),
        "single_choice": ("opción única", "single choice"),
        "multiple_choice": ("opción múltiple", "multiple choice"),
        "yes_no": ("sí o no", "yes or no"),
        "ordinal": ("escala", "scale"),
        "date": ("fecha", "date"),
        "number": ("número", "number"),
        "url": ("enlace", "link"),
    },
    "no_answer_reason": {
        "blank": ("en blanco", "blank"),
        "not_applicable": ("no aplica", "not applicable"),
        "does_not_know": ("no sabe", "does not know"),
        "skipped": ("salto del cuestionario", "skipped by rule"),
    },
    "round_basis": {
        "computed": ("calculado de las respuestas", "computed from the answers"),
        "published_aggregate_only": ("solo agregados publicados", "published aggregates only"),
    },
    "response_state": {"answered": ("respondió", "answered"), "not_answered": ("no respondió", "did not answer")},
    # Of activities on the national board and of commitments in a review: one column of the history holds both.
    "reported_status": {
        "not_started": ("sin iniciar", "not started"),
        "started": ("iniciada", "started"),
        "completed": ("completa, según la institución", "completed, says the institution"),
        "verified": ("verificada", "verified"),
        "limited": ("limitado", "limited"),
        "substantial": ("sustancial", "substantial"),
        "complete": ("completo", "complete"),
        "withdrawn": ("retirado", "withdrawn"),
        "pending_review": ("pendiente de revisión", "pending review"),
        "unclear": ("poco claro", "unclear"),
    },
    "status_reporter": {
        "institution": ("la institución, en el tablero nacional", "the institution, on the national board"),
        "irm": ("Mecanismo de Revisión Independiente", "Independent Reporting Mechanism"),
    },
    "status_verifier": {
        "not_named": ("el tablero no dice quién", "the board does not say who"),
        "irm": ("Mecanismo de Revisión Independiente", "Independent Reporting Mechanism"),
    },
    "via": {
        "live": ("en línea", "live"),
        "archive": ("archivo de la web", "web archive"),
        "bundled": ("copia incluida", "bundled copy"),
        "upload": ("carga de la comisión", "uploaded by the commission"),
    },
    "cadence": {
        "once": ("única", "once"),
        "irregular": ("irregular", "irregular"),
        "monthly": ("mensual", "monthly"),
        "quarterly": ("trimestral", "quarterly"),
        "yearly": ("anual", "yearly"),
        "per_round": ("por ronda", "per round"),
        "discontinued": ("interrumpida", "discontinued"),
    },
    "usage_warning": {
        "incomplete_coverage": ("cobertura incompleta", "incomplete coverage"),
        "draft_export": ("exportación de borrador", "draft export"),
        "published_aggregate_only": ("solo agregados publicados", "published aggregates only"),
        "discontinued_source": ("fuente interrumpida", "discontinued source"),
        "machine_translated": ("traducción automática", "machine translated"),
    },
    "severity": {
        "error": ("error", "error"),
        "warning": ("advertencia", "warning"),
        "notice": ("aviso", "notice"),
    },
    "change_kind": {
        "added": ("agregada", "added"),
        "removed": ("retirada", "removed"),
        "changed": ("cambiada", "changed"),
    },
    "change_subject": {
        "state": ("entidad federativa", "state"),
        "plan": ("plan de acción", "action plan"),
        "commitment": ("compromiso", "commitment"),
    },
    "catalog": {
        "cocreation_steps": ("pasos de la cocreación", "steps of co-creation"),
        "opening_models": ("modelos de apertura", "models of openness"),
        "authenticity_conditions": (
            "condiciones mínimas de un ejercicio auténtico",
            "minimum conditions of authenticity",
        ),
        "pal_topics_inai": ("temas propuestos por el INAI", "topics proposed by INAI"),
        "smart_criteria": ("criterios SMART", "SMART criteria"),
        "design_stages_infocdmx": ("etapas de apertura por diseño", "stages of openness by design"),
    },
}
