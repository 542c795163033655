"""All that runs beside learner code; it imports nothing else of checker, so it fits in a sandbox.

One host process (the zygote) serves many launches. It is started as

    python -m checker.host --run-dir DIR [--transport uds|tcp] [--start fork|spawn]

and prints one JSON line when it accepts connections: `{"address": {"uds": PATH}}` or
`{"address": {"host": "127.0.0.1", "port": N}, "token": T}`. It ends, with everything it started,
when its standard input closes.

Every connection carries JSON lines and starts one thing; closing the connection ends that thing's
whole process tree. The first line is the order (with `"token": T` over TCP; further keys of an
order are described in orders.py):

    {"op": "launch", "folder": DIR, "entry": "app:app", "env": {}, "limits": {}}
    {"op": "launch", "folder": DIR, "command": ["fastapi", "run", "--port", "{port}"], "env": {}}
    {"op": "run", "folder": DIR, "command": ["alembic", "check"], "timeout": 10.0, "stdin": ""}
    {"op": "preload", "modules": ["sqlalchemy"]}
    {"op": "doors", "doors": {"6379": SOCKET}}   lead ports to sockets while the connection lasts

An order that cannot be carried out is answered by `{"event": "error", "message": TEXT}` alone.
A launch answers with events, in this order:

    {"event": "phase", "phase": "import", "log": FILE}   the learner's module is being imported
    {"event": "phase", "phase": "startup"}               the lifespan is starting
    {"event": "busy", "frames": [Frame]}                 where it stands, if either lasts; or never
    {"event": "ready", "address": {...}}                 a uds path, or host and port
    {"event": "broken", "problem": {...}}                instead of ready; see `Problem` in facts.py
    {"event": "exit", "code": 0, "signal": null}         the process ended; always the last line

After `ready` the connection takes questions, each answered by one line with the same id:

    {"op": "call", "id": 1, "target": "app:find_book", "args": [], "kwargs": {}}
        {"reply": 1, "value": JSON}
        {"reply": 1, "raised": Raised}
        {"reply": 1, "missing": {"target": "app:find_book", "names": []}}
    {"op": "request", "id": 2, "request": "17"}   {"reply": 2, "value": RequestFacts | null}
    {"op": "routes", "id": 3}                     {"reply": 3, "value": [RouteFacts]}
    {"op": "written", "id": 4}                    {"reply": 4, "value": [RouteFacts]} of routers
    {"op": "sql", "id": 5}                        {"reply": 5, "value": [Statement]}
    {"op": "exceptions", "id": 6}                 {"reply": 6, "value": [Raised with "request"]}
    {"op": "stalls", "id": 7}                     {"reply": 7, "value": [Stall]}
    {"op": "stop", "id": 8}                       {"reply": 8, "value": null}, then a graceful exit

A run answers `{"event": "done", "code": N, "signal": null, "output": TEXT, "timeout": false}` and
nothing else; a preload answers `{"event": "done"}`, doors answer `{"event": "ready"}`. The judge
numbers its requests in the header
`x-checker-request`, which the host removes before the app sees it. What a launch writes to stdout
and stderr goes to its log, which stays when the launch has ended.
"""
