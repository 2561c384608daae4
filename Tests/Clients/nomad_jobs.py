"""Reads the job files of deploy/nomad into what Nomad's interface takes; any name that Nomad does not know is an error."""

import pathlib

import hcl2

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "deploy/nomad"
SECONDS = {"s": 1, "m": 60, "h": 3600}

# Names in a job file and in the interface.
WORDS = {
    "job": {"datacenters": "Datacenters", "type": "Type", "priority": "Priority"},
    "group": {"count": "Count"},
    "task": {"driver": "Driver", "kill_timeout": "KillTimeout", "user": "User"},
    "restart": {"attempts": "Attempts", "interval": "Interval", "delay": "Delay", "mode": "Mode"},
    "reschedule": {
        "attempts": "Attempts", "interval": "Interval", "delay": "Delay", "delay_function": "DelayFunction",
        "unlimited": "Unlimited",
    },
    "parameterized": {"payload": "Payload", "meta_required": "MetaRequired", "meta_optional": "MetaOptional"},
    "resources": {"cpu": "CPU", "memory": "MemoryMB"},
    "dispatch_payload": {"file": "File"},
    "service": {"name": "Name", "port": "PortLabel", "tags": "Tags"},
    "check": {
        "type": "Type", "path": "Path", "interval": "Interval", "timeout": "Timeout", "name": "Name", "port": "PortLabel",
    },
    "constraint": {"attribute": "LTarget", "value": "RTarget", "operator": "Operand"},
    "template": {"data": "EmbeddedTmpl", "destination": "DestPath", "env": "Envvars", "change_mode": "ChangeMode"},
}
BLOCKS = {
    "job": {"parameterized", "group", "constraint", "meta"},
    # Network and services of a group are known to Nomad 0.10 and later only.
    "group": {"restart", "reschedule", "task", "constraint"},
    "resources": {"network"},
    "task": {"config", "env", "dispatch_payload", "resources", "service", "constraint", "template", "artifact"},
    "service": {"check"},
}
TIMES = {"Interval", "Delay", "Timeout", "KillTimeout"}


def plain(value):
    """Without the quotes and marks that the parser keeps."""
    if isinstance(value, str):
        if value.startswith("<<"):
            return "\n".join(value.split("\n")[1:-1]) + "\n"
        return value[1:-1] if value[:1] == '"' else value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {plain(name): plain(item) for name, item in value.items() if not name.startswith("__")}
    return value


def nanoseconds(text):
    return int(text[:-1]) * SECONDS[text[-1]] * 1_000_000_000


def fields(kind, block):
    found = {}
    for name, value in block.items():
        if name in BLOCKS.get(kind, ()):
            continue
        if name not in WORDS[kind]:
            raise AssertionError(f"{kind} has no {name}")
        word = WORDS[kind][name]
        found[word] = nanoseconds(value) if word in TIMES else value
    return found


def one(block, name):
    items = block.get(name, [])
    return items[0] if items else None


def labelled(items):
    return [(name, block) for item in items for name, block in item.items()]


def service(block):
    made = fields("service", block)
    made["Checks"] = [fields("check", check) for check in block.get("check", [])]
    return made


def network(block):
    ports = [{"Label": name, **entry} for name, entry in labelled(block.get("port", []))]
    return {"ReservedPorts": [{"Label": port["Label"], "Value": port["static"]} for port in ports]}


def task(name, block):
    made = dict(fields("task", block), Name=name, Config=one(block, "config"), Env=one(block, "env"))
    if payload := one(block, "dispatch_payload"):
        made["DispatchPayload"] = fields("dispatch_payload", payload)
    if resources := one(block, "resources"):
        made["Resources"] = dict(fields("resources", resources), Networks=[network(item) for item in resources.get("network", [])])
    made["Services"] = [service(item) for item in block.get("service", [])]
    made["Templates"] = [fields("template", item) for item in block.get("template", [])]
    return made


def group(name, block):
    made = dict({"Count": 1}, **fields("group", block), Name=name)
    if rule := one(block, "restart"):
        made["RestartPolicy"] = fields("restart", rule)
    if rule := one(block, "reschedule"):
        made["ReschedulePolicy"] = fields("reschedule", rule)
    made["Tasks"] = [task(*item) for item in labelled(block["task"])]
    return made


def read(text):
    """The job of a file, as `PUT /v1/jobs` takes it."""
    [(name, block)] = labelled(plain(hcl2.loads(text))["job"])
    made = dict(fields("job", block), ID=name, Name=name, Meta=one(block, "meta"))
    if rule := one(block, "parameterized"):
        made["ParameterizedJob"] = fields("parameterized", rule)
    made["Constraints"] = [dict({"Operand": "="}, **fields("constraint", item)) for item in block.get("constraint", [])]
    made["TaskGroups"] = [group(*item) for item in labelled(block["group"])]
    return made


def shipped(name):
    return read((FOLDER / name).read_text())


def driven_by(job, program, *flags, environment=None):
    """The same with another program and the driver that is run here."""
    for tasks in job["TaskGroups"]:
        for entry in tasks["Tasks"]:
            entry["Driver"] = "raw_exec"
            entry["Config"] = {"command": program, "args": ["task", *flags]}
            entry["Env"] = dict(environment or {})
    return job
