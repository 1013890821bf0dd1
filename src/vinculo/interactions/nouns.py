"""The sentences that name interactions, tasks and files; see `platform.terms.nouns`."""

from vinculo.platform.terms.nouns import name_noun

name_noun(
    "interactions.interaction",
    one="Interaction",
    many="Interactions",
    says=(
        "At least so many interactions",
        "No interaction of a kind for so many days",
        "at least %(n)s interaction",
    ),
    genders={"es": "f"},
    agreeing={
        "es": (
            "Al menos [tantas|tantos] interacciones",
            "[Ninguna|Ningún] interacción de un tipo durante tantos días",
        )
    },
)

name_noun(
    "interactions.task",
    one="Task",
    many="Tasks",
    says=(
        "%(who)s may not see this customer and cannot get the task.",
        "A task that repeats needs a first due date.",
        "Add task",
        "Task added.",
        "Task assigned.",
        "Task deleted.",
        "Task done.",
        "Task is open again.",
        "There is no such task, or you may not change it.",
        "This task is already done.",
        "This task is still open.",
        "Tasks made by rules of care",
        "New task",
        "Open tasks",
        "A task was added",
        "A task was changed",
        "A task was completed",
        "A task was deleted",
        "A task was given to somebody",
        "A task was opened again",
        "%(who)s gave you a task: %(what)s",
        "Each night, rules make tasks for the owners of customers: before an anniversary, or when"
        " nobody was in touch for long. One task for each occasion.",
        "Make one to have birthdays and long silences come up as tasks.",
        "An owner gets at most %(most)s tasks of a rule in one night, and none about customers or"
        " details that they may not see.",
        "Delete this rule? The tasks it has made stay.",
        "Would make a task for",
        "All my tasks",
        "See all my open tasks",
        "Records, tasks and history stay when you take this away.",
        "Mentions, tasks that are due and finished imports appear here.",
        "In a list of tasks",
        "Snoozed.",
        "Sequences of tasks that are promised for a deal with one click.",
        "Steps without a task are left out. Save to get room for more.",
        "Tasks before anniversaries, and when nobody was in touch for long.",
        "Calls, meetings, notes, tasks and files on one timeline, and My day.",
    ),
    genders={"es": "f"},
    agreeing={
        "es": (
            "%(who)s no tiene permiso para ver a este cliente y no puede recibir [la|el] tarea.",
            "[Una|Un] tarea que se repite necesita una primera fecha de vencimiento.",
            "Tarea [agregada|agregado].",
            "Tarea [pospuesta|pospuesto].",
            "Tarea [asignada|asignado].",
            "Tarea [eliminada|eliminado].",
            "Tarea [hecha|hecho].",
            "[La|El] tarea vuelve a estar [abierta|abierto].",
            "[Esta|Este] tarea no existe o no tiene permiso para [modificarla|modificarlo].",
            "[Esta|Este] tarea ya está [hecha|hecho].",
            "[Esta|Este] tarea sigue [abierta|abierto].",
            "Tareas [creadas|creados] por reglas de atención",
            "[Nueva|Nuevo] tarea",
            "Tareas [abiertas|abiertos]",
            "Se agregó [una|un] tarea",
            "Se modificó [una|un] tarea",
            "Se completó [una|un] tarea",
            "Se eliminó [una|un] tarea",
            "Se asignó [una|un] tarea a alguien",
            "Se reabrió [una|un] tarea",
            "%(who)s le asignó [una|un] tarea: %(what)s",
            "Cada noche, las reglas crean tareas para los responsables de los clientes: antes de"
            " un aniversario o cuando nadie ha tenido contacto desde hace mucho. [Una|Un] tarea"
            " por ocasión.",
            "Un responsable recibe como máximo %(most)s tareas de una regla por noche, y"
            " [ninguna|ninguno] sobre clientes o datos que no puede ver.",
            "¿Eliminar esta regla? [Las|Los] tareas que ha creado se conservan.",
            "Crearía [una|un] tarea para",
            "[Todas|Todos] mis tareas",
            "Ver [todas|todos] mis tareas [abiertas|abiertos]",
            "Al retirarlo, los registros, [las|los] tareas y el historial se conservan.",
            "Aquí aparecen las menciones, [las|los] tareas que vencen y las importaciones"
            " terminadas.",
        )
    },
)

name_noun(
    "interactions.file",
    one="File",
    many="Files",
    says=(
        "The text is too long. Attach it as a file.",
        "Attach file",
        "File attached.",
        "File deleted.",
        "File renamed.",
        "The file needs a name.",
        "There is no such file, or you may not change it.",
        "File name",
        "A file was attached",
        "A file was deleted",
        "A file's details were changed",
        "There is no such file, or you may not see it.",
        "The content of this file is no longer there.",
        "File downloaded",
        "Calls, meetings, notes, tasks and files on one timeline, and My day.",
    ),
    genders={"es": "m"},
    agreeing={
        "es": (
            "Archivo [adjuntado|adjuntada].",
            "Archivo [eliminado|eliminada].",
            "Nombre [del|de la] archivo cambiado.",
            "[El|La] archivo necesita un nombre.",
            "[Este|Esta] archivo no existe o no tiene permiso para [modificarlo|modificarla].",
            "Nombre [del|de la] archivo",
            "Se adjuntó [un|una] archivo",
            "Se eliminó [un|una] archivo",
            "Se modificaron los datos de [un|una] archivo",
            "[Este|Esta] archivo no existe o no tiene permiso para [verlo|verla].",
            "El contenido de [este|esta] archivo ya no existe.",
            "Archivo [descargado|descargada]",
        )
    },
)
