"""The Python example in the mixed run: its own text, with one more task, as somebody has it who copies it."""
import json, os, re, sys, time, urllib.error, urllib.request

head, loop = re.split(r"(?m)^(?=stopping, idle = )", open(sys.argv[1], encoding="utf-8").read())
exec(compile(head, sys.argv[1], "exec"))

def begin(job):
    with open(os.environ["EXECUTIONS"], "a", encoding="utf-8") as file:
        file.write(json.dumps({**{key: job[key] for key in ("id", "attempt", "lost")}, "by": "python", "at": int(time.time() * 1000)}) + "\n")

def push(job):
    body = {"type": "job.run", "data": {key: job[key] for key in ("id", "attempt", "lost", "input")}}
    try:
        with urllib.request.urlopen(urllib.request.Request(job["http"]["url"], json.dumps(body).encode()), timeout=20) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        raise JobError(f"it answered {error.code}", retry=error.code >= 500)

def mixed(given, job, stop):
    if job["type"] == "http": return push(job)
    begin(job)
    stop.wait(given["ms"] / 1000)
    if given["refused"]: raise JobError("refused", retry=False)
    if job["attempt"] <= given["failures"]: raise JobError("failed")
    return {"n": given["n"]}

TASKS["mixed"] = mixed
exec(compile(loop, sys.argv[1], "exec"))
