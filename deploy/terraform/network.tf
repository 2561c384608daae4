resource "aws_vpc" "show" {
  cidr_block           = "10.30.0.0/16"
  enable_dns_hostnames = true
  tags                 = merge(local.tags, { Name = var.name })
}

resource "aws_subnet" "show" {
  vpc_id                  = aws_vpc.show.id
  cidr_block              = "10.30.1.0/24"
  map_public_ip_on_launch = true
  tags                    = merge(local.tags, { Name = var.name })
}

resource "aws_internet_gateway" "show" {
  vpc_id = aws_vpc.show.id
  tags   = merge(local.tags, { Name = var.name })
}

resource "aws_route_table" "show" {
  vpc_id = aws_vpc.show.id
  tags   = merge(local.tags, { Name = var.name })

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.show.id
  }
}

resource "aws_route_table_association" "show" {
  subnet_id      = aws_subnet.show.id
  route_table_id = aws_route_table.show.id
}

# Among themselves the machines may say everything. The original had the ports of Nomad and Consul open to the world.
resource "aws_security_group" "inside" {
  name        = "${var.name}-inside"
  description = "Machines of the cluster among themselves"
  vpc_id      = aws_vpc.show.id
  tags        = local.tags

  ingress {
    description = "each other"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    self        = true
  }

  dynamic "ingress" {
    for_each = length(var.operators) == 0 ? [] : [22, 4646, 8500]

    content {
      description = "operators"
      from_port   = ingress.value
      to_port     = ingress.value
      protocol    = "tcp"
      cidr_blocks = var.operators
    }
  }

  egress {
    description = "everywhere"
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

# What visitors' buttons and screens reach: the proxy alone.
resource "aws_security_group" "proxy" {
  name        = "${var.name}-proxy"
  description = "The proxy in front of the show"
  vpc_id      = aws_vpc.show.id
  tags        = local.tags

  ingress {
    description = "buttons and screens"
    from_port   = 9999
    to_port     = 9999
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
