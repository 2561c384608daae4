# The daemon of a show on each client that has a plotter or is to take presses: one binary, its own spool, one fixed port.
# Mark these clients:  client { meta { axidrawd = "yes" } }
# The state lies outside of the allocation: a daemon that comes again finds its presses and its queue.
job "axidrawd" {
  datacenters = ["dc1"]
  type        = "system"

  constraint {
    attribute = "${meta.axidrawd}"
    value     = "yes"
  }

  group "daemon" {
    restart {
      attempts = 10
      interval = "5m"
      delay    = "2s"
      mode     = "delay"
    }

    task "daemon" {
      # The port of a plotter is a device of the machine: exec does not see it, raw_exec does.
      driver = "raw_exec"

      config {
        command = "/usr/bin/axidrawd"
        args    = ["serve", "--installation", "--state", "/var/lib/axidrawd", "--config", "/etc/axidrawd/config.json", "--listen", ":8080"]
      }

      # A stroke is finished and the pen lifted before it ends.
      kill_timeout = "20s"

      resources {
        cpu    = 500
        memory = 512
      }
    }
  }
}
