variable "name" {
  type        = string
  default     = "axidrawd"
  description = "What everything of this cluster is called."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,30}$", var.name))
    error_message = "A name is a letter, then letters, digits and hyphens, 31 at most."
  }
}

variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "image" {
  type        = string
  description = "The image that deploy/packer makes, with Nomad and Consul in it."
}

variable "servers" {
  type        = number
  default     = 3
  description = "Machines with the servers of Nomad and Consul: they vote, so an odd number."

  validation {
    condition     = contains([1, 3, 5], var.servers)
    error_message = "1, 3 or 5 servers."
  }
}

variable "clients" {
  type        = number
  default     = 2
  description = "Machines that run the show's parts. This is what scales."

  validation {
    condition     = var.clients >= 1 && var.clients <= 100
    error_message = "1 to 100 clients."
  }
}

variable "server_type" {
  type    = string
  default = "t3.small"
}

variable "client_type" {
  type    = string
  default = "t3.small"
}

variable "operators" {
  type        = list(string)
  default     = []
  description = "Networks from which people reach the servers' pages and SSH, such as 203.0.113.7/32. Nobody else does."

  validation {
    condition     = alltrue([for network in var.operators : can(cidrhost(network, 0)) && !endswith(network, "/0")])
    error_message = "Each is a network such as 203.0.113.7/32, and not the whole world."
  }
}

variable "key_name" {
  type        = string
  default     = null
  description = "Key pair for SSH; null = nobody comes in by SSH."
}

variable "endpoint" {
  type        = string
  default     = null
  description = "Where a cloud is that is only played; null = the real one."
}
