# Takes presses and hands them to whoever drives the plotter; as many as you like, none has anything to lose.
# Its config.json says where Consul is, through which it finds the plotters:
#     {"cluster": {"consul": {"url": "http://127.0.0.1:8500"}, "keyFile": "/etc/axidrawd/fleet-key"}, "proxies": ["127.0.0.1"]}
job "webhooks" {
  datacenters = ["dc1"]
  type        = "service"

  group "webhooks" {
    count = 2

    # Each has a fixed port: one on a machine.
    constraint {
      operator = "distinct_hosts"
      value    = "true"
    }

    restart {
      attempts = 10
      interval = "5m"
      delay    = "2s"
      mode     = "delay"
    }

    task "webhooks" {
      driver = "exec"

      config {
        command = "/usr/bin/axidrawd"
        args    = ["serve", "--role", "webhooks", "--installation", "--state", "${NOMAD_ALLOC_DIR}/state", "--config", "/etc/axidrawd/config.json", "--listen", ":8081"]
      }

      # By this Fabio sends requests here; each prefix ends with its slash.
      service {
        name = "axidrawd-webhooks"
        port = "http"
        tags = ["urlprefix-/webhooks/", "urlprefix-/v1/webhooks/"]

        check {
          name     = "it takes work"
          type     = "http"
          path     = "/readyz"
          interval = "5s"
          timeout  = "5s"
        }
      }

      # In the task, not in its group: Nomad 0.9 knows it nowhere else, and later ones still do.
      resources {
        cpu    = 100
        memory = 128

        network {
          port "http" {
            static = 8081
          }
        }
      }
    }
  }
}
