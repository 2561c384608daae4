output "servers" {
  value       = aws_instance.server[*].private_ip
  description = "Where Nomad (4646) and Consul (8500) are, inside."
}

output "clients" {
  value       = aws_instance.client[*].public_ip
  description = "Where the proxy (9999) is, once its job runs."
}
