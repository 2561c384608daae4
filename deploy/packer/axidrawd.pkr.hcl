# The image of every machine of a fleet: Debian with the package of axidrawd. Nomad and Consul are your own.
#     packer build -only=amazon-ebs.machine -var package=axidrawd_0.1.0-1_amd64.deb .
# "file.facts" needs no cloud: it writes down what the image is made of, and is what ./test --ci really builds.

variable "package" {
  type        = string
  description = "The package that ./package makes."
}

variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "facts" {
  type    = string
  default = "axidrawd-image.json"
}

locals {
  name = "axidrawd-${formatdate("YYYYMMDD-hhmmss", timestamp())}"
}

source "amazon-ebs" "machine" {
  ami_name      = local.name
  instance_type = "t3.small"
  region        = var.region
  ssh_username  = "admin"

  source_ami_filter {
    filters = {
      name                = "debian-12-amd64-*"
      virtualization-type = "hvm"
      root-device-type    = "ebs"
    }
    owners      = ["136693071363"]
    most_recent = true
  }

  tags = {
    Name = local.name
  }
}

source "file" "facts" {
  content = jsonencode({ name = local.name, package = var.package, base = "debian-12" })
  target  = var.facts
}

build {
  sources = ["source.amazon-ebs.machine"]

  provisioner "file" {
    source      = var.package
    destination = "/tmp/axidrawd.deb"
  }

  provisioner "file" {
    source      = "${path.root}/../fleet/start.sh"
    destination = "/tmp/start.sh"
  }

  provisioner "shell" {
    inline = [
      "sudo apt-get update -q",
      "sudo apt-get install -y -q --no-install-recommends /tmp/axidrawd.deb",
      "sudo install -m 0755 /tmp/start.sh /usr/local/bin/axidrawd-start",
      "rm /tmp/axidrawd.deb /tmp/start.sh",
    ]
  }
}

build {
  sources = ["source.file.facts"]
}
