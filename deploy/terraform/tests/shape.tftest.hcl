# Without a cloud: what would be made, in the shape that the pages promise.

mock_provider "aws" {}

variables {
  image = "ami-12345678"
}

run "standard" {
  command = apply

  assert {
    condition     = length(aws_instance.server) == 3 && length(aws_instance.client) == 2
    error_message = "three servers and two clients"
  }

  assert {
    condition     = strcontains(aws_instance.client[0].user_data, "provider=aws region=eu-central-1 tag_key=axidrawd-cluster tag_value=axidrawd")
    error_message = "machines find the servers by their tag"
  }

  assert {
    condition     = strcontains(aws_instance.server[0].user_data, "\"bootstrap_expect\": 3")
    error_message = "servers wait for each other"
  }

  assert {
    condition     = alltrue([for rule in aws_security_group.inside.ingress : length(rule.cidr_blocks == null ? [] : rule.cidr_blocks) == 0])
    error_message = "nobody outside reaches Nomad or Consul"
  }

  assert {
    condition     = [for rule in aws_security_group.proxy.ingress : rule.to_port] == [9999]
    error_message = "the world reaches the proxy alone"
  }
}

run "scaled" {
  command = apply

  variables {
    clients = 4
  }

  assert {
    condition     = length(aws_instance.server) == 3 && length(aws_instance.client) == 4
    error_message = "one variable scales the clients"
  }
}

run "two_servers_cannot_vote" {
  command         = plan
  expect_failures = [var.servers]

  variables {
    servers = 2
  }
}

run "the_world_is_no_operator" {
  command         = plan
  expect_failures = [var.operators]

  variables {
    operators = ["0.0.0.0/0"]
  }
}
