# Servers and clients find each other by their tag: the right to look for it is all that they have.
resource "aws_iam_role" "join" {
  name = "${var.name}-join"
  tags = local.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "join" {
  name = "look"
  role = aws_iam_role.join.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["ec2:DescribeInstances"]
      Resource = "*"
    }]
  })
}

resource "aws_iam_instance_profile" "join" {
  name = "${var.name}-join"
  role = aws_iam_role.join.name
}

resource "aws_instance" "server" {
  count = var.servers

  ami                    = var.image
  instance_type          = var.server_type
  subnet_id              = aws_subnet.show.id
  vpc_security_group_ids = [aws_security_group.inside.id]
  iam_instance_profile   = aws_iam_instance_profile.join.name
  key_name               = var.key_name
  tags                   = merge(local.tags, { Name = "${var.name}-server-${count.index + 1}" })

  user_data = templatefile("${path.module}/machine.sh.tftpl", {
    is_server = true, servers = var.servers, join = local.join
  })

  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_instance" "client" {
  count = var.clients

  ami                    = var.image
  instance_type          = var.client_type
  subnet_id              = aws_subnet.show.id
  vpc_security_group_ids = [aws_security_group.inside.id, aws_security_group.proxy.id]
  iam_instance_profile   = aws_iam_instance_profile.join.name
  key_name               = var.key_name
  tags                   = merge(local.tags, { Name = "${var.name}-client-${count.index + 1}" })

  user_data = templatefile("${path.module}/machine.sh.tftpl", {
    is_server = false, servers = var.servers, join = local.join
  })

  metadata_options {
    http_tokens = "required"
  }
}
