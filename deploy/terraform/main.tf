# The cluster of a show: servers that hold Nomad and Consul together, clients that run the parts of the show, and a network of
# their own. The shape is that of the original, which ran on Google Cloud: docs/installation.md maps one to the other.
# One variable scales it: clients.

terraform {
  required_version = ">= 1.7"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }
}

provider "aws" {
  region = var.region

  # For a cloud that is only played, such as moto on this machine.
  access_key                  = var.endpoint == null ? null : "test"
  secret_key                  = var.endpoint == null ? null : "test"
  skip_credentials_validation = var.endpoint != null
  skip_metadata_api_check     = var.endpoint != null
  skip_requesting_account_id  = var.endpoint != null

  dynamic "endpoints" {
    for_each = var.endpoint == null ? [] : [var.endpoint]

    content {
      ec2 = endpoints.value
      iam = endpoints.value
      sts = endpoints.value
    }
  }
}

locals {
  # By this tag machines find the servers: no address is written down anywhere.
  join = "provider=aws region=${var.region} tag_key=axidrawd-cluster tag_value=${var.name}"

  tags = {
    axidrawd-cluster = var.name
  }
}
