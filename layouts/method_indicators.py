"""The indicators in words: what each asks, its formula, and where its limits are. One entry for each function."""

from __future__ import annotations

from dataclasses import dataclass

from layouts.i18n import N_


@dataclass(frozen=True)
class Indicator:
    """An indicator: `key` is its anchor on the method page; the other texts are in Spanish, for `locale.text`.

    `page` is the path where it is shown.
    """

    key: str
    name: str
    asks: str
    formula: str
    limits: str
    page: str


INDICATORS = (
    Indicator(
        "avance",
        N_("Avance en el tablero nacional"),
        N_(
            "Qué parte de un compromiso reportan las instituciones como no iniciada, iniciada, completada o verificada."
        ),
        N_(
            "Por cada acción, actividades en el estado ÷ actividades de la acción, multiplicado por el peso de la acción; la "
            "suma de las acciones da el compromiso. Sin pesos, todas las acciones cuentan igual."
        ),
        N_(
            "Las actividades de relleno («Actividad 1» o sin título) no cuentan; un compromiso al que no le queda ninguna no "
            "tiene avance: es «sin dato», no cero. Una acción sin actividades cuenta como no iniciada. Es lo que reportan las "
            "instituciones y lo que el tablero verificó, en columnas distintas."
        ),
        "/plan-nacional",
    ),
    Indicator(
        "irm",
        N_("Cumplimiento según la revisión independiente"),
        N_(
            "Qué parte de los compromisos evaluados encontró completa el Mecanismo de Revisión Independiente (IRM) de OGP."
        ),
        N_("Completos ÷ (no iniciados + limitados + sustanciales + completos)."),
        N_(
            "El informe de fin de periodo gana al de avance. Los compromisos retirados, poco claros o sin calificación se "
            "cuentan aparte y no entran al denominador. Lo reportado por el gobierno se muestra al lado, nunca mezclado."
        ),
        "/plan-nacional",
    ),
    Indicator(
        "cobertura",
        N_("Cobertura en las entidades"),
        N_(
            "Cuántas entidades firmaron la declaratoria, tienen un ejercicio, un secretariado técnico y un plan publicado."
        ),
        N_(
            "Entidades con registro del hecho ÷ entidades; cada hecho por separado. De los 13 pasos, cada uno con o sin evidencia."
        ),
        N_(
            "Son cuatro hechos que nunca se mezclan. Sin evidencia quiere decir que no la encontramos, no que no exista. Las "
            "cifras publicadas se muestran como puntos con su fecha: solo forman una serie si la publicación y la regla de "
            "conteo son las mismas."
        ),
        "/estados",
    ),
    Indicator(
        "participacion",
        N_("Participación"),
        N_("Qué organizaciones tomaron parte, con qué papel, de qué poder y en qué nivel de gobierno."),
        N_("Se cuenta cada organización una vez por papel en cada plan, compromiso, ejercicio o secretariado."),
        N_(
            "Solo organizaciones, nunca personas. Dos nombres son la misma organización si una lista declarada lo dice, no "
            "porque se parezcan. Los totales publicados se muestran junto a las que podemos nombrar."
        ),
        "/actores",
    ),
    Indicator(
        "balance",
        N_("Balance de un secretariado técnico"),
        N_("Si gobierno y sociedad civil se sientan en números parecidos."),
        N_(
            "|gobierno − sociedad civil| ÷ (gobierno + sociedad civil), en asientos. Balanceado si es de un tercio o menos."
        ),
        N_(
            "Los asientos del organismo garante y de otros órganos autónomos se dan aparte. Si de un lado no se conoce el "
            "número, no hay valor."
        ),
        "/diagnostico/autenticidad",
    ),
    Indicator(
        "encuesta",
        N_("Encuesta a los organismos garantes"),
        N_("Cuántos organismos respondieron y qué dicen de sus ejercicios de apertura."),
        N_(
            "Tasa de respuesta = organismos que respondieron ÷ organismos a los que se preguntó. Las demás proporciones son "
            "sobre todos los ejercicios de la ronda; quien no contestó una pregunta se queda en el denominador y se dice aparte."
        ),
        N_(
            "De una ronda cuyas respuestas no son públicas solo se muestran los agregados que se publicaron, marcados así: "
            "nunca se mezclan con los que calculamos."
        ),
        "/diagnostico/encuesta",
    ),
    Indicator(
        "autenticidad",
        N_("Autenticidad de un ejercicio"),
        N_("Si un ejercicio cumple cinco condiciones mínimas."),
        N_("Cinco marcas: se cumple, no se cumple o sin dato. No se suman ni se promedian."),
        N_(
            "Un documento puede mostrar que una condición se cumple; que no lo hayamos encontrado no muestra que no. Una "
            "respuesta a la encuesta sí puede decir que no. Del espacio cívico seguro no hay documento que baste."
        ),
        "/diagnostico/autenticidad",
    ),
    Indicator(
        "smart",
        N_("Lectura SMART de un compromiso"),
        N_("Si un compromiso cumple los cinco criterios."),
        N_(
            "Específico y medible: la calificación del IRM; si no la hay, que se nombre un responsable y que una actividad "
            "tenga medio de verificación. Relevante: la calificación del IRM. Acotado: fecha de fin que no sea anterior al "
            "inicio, o plazo en cada actividad."
        ),
        N_(
            "Solo se leen campos, no se interpreta el texto. Cada marca dice qué campo la decidió. De la factibilidad ninguna "
            "fuente dice nada: siempre es «sin dato»."
        ),
        "/diagnostico/autenticidad",
    ),
    Indicator(
        "desplazamiento",
        N_("Desplazamiento de plazos"),
        N_("Cuánto se movió una fecha límite entre una copia de la fuente y la siguiente."),
        N_("Plazo actual − primer plazo conocido, en días."),
        N_(
            "Una fecha imposible, como terminar antes de empezar, no da valor: es un hallazgo. Fechas sin día no se restan."
        ),
        "/plan-nacional",
    ),
    Indicator(
        "frescura",
        N_("Edad de una fuente"),
        N_("Qué tan viejo es lo que mostramos, frente a cada cuánto se renueva la fuente."),
        N_(
            "Día de la versión − día en que el contenido era el vigente. Vencida: más de un mes, un trimestre o un año, según "
            "su periodicidad."
        ),
        N_(
            "Se mide al construir la versión, no al leer la página. Una fuente irregular no tiene plazo y una interrumpida ya "
            "no se renueva: ninguna de las dos puede vencer."
        ),
        "/fuentes",
    ),
)

GLOSSARY = (
    (
        N_("Acción y actividad"),
        N_("Los dos niveles en que el tablero nacional divide un compromiso; la actividad es la que se reporta."),
    ),
    (
        N_("Cocreación"),
        N_("Acordar entre autoridades y sociedad los problemas y los compromisos, y no solo consultarlos."),
    ),
    (N_("Compromiso"), N_("Una promesa pública de un plan de acción, con responsable y plazo.")),
    (
        N_("Declaratoria"),
        N_("El documento con el que una entidad anuncia que hará gobierno abierto. Firmarla no es hacerlo."),
    ),
    (
        N_("Ejercicio de apertura"),
        N_("Un proceso en el que autoridades y sociedad trabajan juntas en una entidad o un municipio."),
    ),
    (
        N_("Hallazgo"),
        N_("Algo que encontró una verificación: una fecha imposible, un texto copiado, dos fuentes que no coinciden."),
    ),
    (
        N_("IRM"),
        N_(
            "Mecanismo de Revisión Independiente: evalúa los planes de los miembros de OGP sin depender de sus gobiernos."
        ),
    ),
    (
        N_("OGP"),
        N_("Open Government Partnership, la Alianza para el Gobierno Abierto. OGP Local reúne a gobiernos locales."),
    ),
    (
        N_("Organismo garante"),
        N_("El que vigilaba el acceso a la información en cada entidad. Desde 2025 muchos se extinguen o sustituyen."),
    ),
    (N_("Plan de acción"), N_("El documento que reúne los compromisos de un periodo.")),
    (
        N_("Secretariado técnico local"),
        N_("La mesa en la que gobierno, sociedad civil y organismo garante conducen un ejercicio."),
    ),
    (N_("Sin dato"), N_("No hay fuente que lo diga. No es cero ni es no.")),
    (
        N_("Versión"),
        N_("Todos los datos tal como se publicaron en un momento. No cambia: una corrección es otra versión."),
    ),
)
