"""nginx before the web process: TLS ends here, and only here is said who the client is."""

from __future__ import annotations

from pathlib import Path

from tests.production.components.base import Component, free_port
from tests.production.components.certificates import make_certificate
from tests.support.certificates import SECRET, Authority

DOMAIN = "relais.test"
_CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
{user}
events {{ worker_connections 128; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server_tokens off;
    client_max_body_size 40m;
    large_client_header_buffers 4 8k;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    ssl_client_certificate {issuers};
    ssl_verify_client optional;
    ssl_protocols TLSv1.2 TLSv1.3;
    server {{
        listen 127.0.0.1:{plain_port};
        server_name {domain} *.{domain};
        return 301 https://$host:{port}$request_uri;
    }}
    server {{
        listen 127.0.0.1:{port} ssl http2;
        server_name {domain} *.{domain};
        location / {{
            proxy_pass http://127.0.0.1:{upstream_port};
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
            # What the client says of itself is replaced, never appended to.
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto https;
            proxy_set_header X-Forwarded-Host "";
            proxy_set_header X-Relais-Certificate $ssl_client_escaped_cert;
            proxy_set_header X-Relais-Certificate-Verified $ssl_client_verify;
            proxy_set_header X-Relais-Proxy-Secret "{secret}";
            proxy_read_timeout 60s;
        }}
    }}
    server {{
        listen 127.0.0.1:{port} ssl http2 default_server;
        server_name _;
        return 421;
    }}
}}
"""


class Nginx(Component):
    """Proxies ``https://*.relais.test:port`` to a web process on ``upstream_port``."""

    packages = ("nginx-light",)
    programs = ("nginx",)

    def __init__(self, home: Path) -> None:
        super().__init__(home)
        self.authority = Authority("Card issuer")
        self.upstream_port, self.plain_port = free_port(), free_port()

    def prepare(self) -> None:
        import os

        key, self.certificate = make_certificate(self.folder, DOMAIN)
        issuers = self.folder / "client-issuers.pem"
        issuers.write_bytes(self.authority.pem)
        self.configuration = self.folder / "nginx.conf"
        self.configuration.write_text(
            _CONFIGURATION.format(
                folder=self.folder, port=self.port, plain_port=self.plain_port, upstream_port=self.upstream_port,
                certificate=self.certificate, key=key, domain=DOMAIN, issuers=issuers, secret=SECRET,
                user="" if os.getuid() else "user root;",
            )
        )  # fmt: skip

    def launch(self) -> None:
        self.spawn("nginx", "-e", self.folder / "start.log", "-p", self.folder, "-c", self.configuration)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "RELAIS_PLATFORM_DOMAIN": DOMAIN,
            "RELAIS_PUBLIC_PORT": str(self.port),
            "RELAIS_TRUSTED_PROXIES": "1",
            "RELAIS_CERTIFICATE_PROXY_SECRET": SECRET,
            "RELAIS_CERTIFICATE_PROXIES": "127.0.0.1/32",
        }
