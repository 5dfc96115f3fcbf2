from rigcheck.target.forms.in_memory import InMemory
from rigcheck.target.task_error import TaskError


def make_form(name, model, data, batch_size):
    if name == "in-memory":
        return InMemory(model, data)
    raise TaskError("not yet")
