# What a press asks for: one run of this job draws one press. axidrawd dispatches it when its config.json says
#     "cluster": { "nomad": { "url": "http://127.0.0.1:4646", "job": "plot" } }
# The payload describes the drawing (product, time of the press, ticket); the plotter is in the meta.
job "plot" {
  datacenters = ["dc1"]
  type        = "batch"

  parameterized {
    payload       = "required"
    meta_required = ["plotter"]
  }

  group "plot" {
    # A run that comes again has the same ticket: it goes on where the one before it was, and draws nothing twice. Nomad
    # does not look at exit codes: a plot that has failed fails again at once, and no ink is spent on it.
    restart {
      attempts = 3
      interval = "24h"
      delay    = "15s"
      mode     = "fail"
    }

    reschedule {
      attempts       = 3
      interval       = "24h"
      delay          = "30s"
      delay_function = "constant"
      unlimited      = false
    }

    task "plot" {
      # raw_exec where the client allows it; exec needs the same lines.
      driver = "exec"

      config {
        command = "/usr/bin/axidrawd"
        args    = ["task", "--key-file", "/etc/axidrawd/task.key"]
      }

      env {
        # Where the plotter's daemon is, is asked here before every connection. AXIDRAWD_URL names it instead.
        CONSUL_HTTP_ADDR = "http://127.0.0.1:8500"
      }

      dispatch_payload {
        file = "config.json"
      }

      # What a task takes while it waits: docs/scale.md.
      resources {
        cpu    = 50
        memory = 64
      }
    }
  }
}
