"""The screens, one module each: home, checklist, workout, summary, history, watch; dialogs, help,
palette."""
