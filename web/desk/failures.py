"""What to say, in the reader's language, of an act that came to nothing: what happened and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from layouts.i18n import N_

FAILURES: Mapping[str, str] = {
    "busy": N_("Otra publicación estaba en marcha y no terminó a tiempo. Espere unos minutos y repítalo."),
    "changed": N_("Mientras tanto se publicó o se deshizo otro archivo de la ronda. Vea cómo quedó y decida otra vez."),
    "nothing_to_undo": N_("La ronda no tenía ninguna importación que deshacer."),
    "disk": N_("El servidor no pudo leer o escribir sus archivos; quizá su disco está lleno. Avise a quien administra el sitio y repítalo después."),
    "release": N_("La versión nueva no se pudo construir o no pasó sus comprobaciones. Avise a quien administra el sitio."),
    "sources": N_("Una fuente de los datos no se pudo leer, y por eso no se construyó la versión nueva. Avise a quien administra el sitio."),
    "slow": N_("Tardó más de diez minutos y se detuvo. Repítalo; si vuelve a pasar, avise a quien administra el sitio."),
    "ended": N_("El proceso terminó a la mitad. Repítalo; si vuelve a pasar, avise a quien administra el sitio."),
}  # fmt: skip
"""By the reason that the ETL gives (``etl.failures``), and two that the desk finds itself: ``slow`` and ``ended``."""
