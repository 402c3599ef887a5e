# debian:SUITE-slim from a minimal root that debootstrap made: configured and emptied as the official image is
# (debuerreotype: debuerreotype-minimizing-config, debuerreotype-apt-get … dist-upgrade, slim).
FROM scratch
ADD root.tar /
ARG SUITE
RUN set -eu; \
    printf 'Types: deb\nURIs: http://deb.debian.org/debian\nSuites: %s %s-updates\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n\nTypes: deb\nURIs: http://deb.debian.org/debian-security\nSuites: %s-security\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' \
        "$SUITE" "$SUITE" "$SUITE" > /etc/apt/sources.list.d/debian.sources; \
    rm -f /etc/apt/sources.list; \
    echo 'force-unsafe-io' > /etc/dpkg/dpkg.cfg.d/docker-apt-speedup; \
    printf 'path-exclude /usr/share/doc/*\npath-include /usr/share/doc/*/copyright\npath-exclude /usr/share/man/*\npath-exclude /usr/share/info/*\npath-exclude /usr/share/locale/*\n' \
        > /etc/dpkg/dpkg.cfg.d/docker; \
    echo 'Acquire::Languages "none";' > /etc/apt/apt.conf.d/docker-no-languages; \
    echo 'Apt::AutoRemove::SuggestsImportant "false";' > /etc/apt/apt.conf.d/docker-autoremove-suggests; \
    printf '%s\n' 'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };' \
        'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";' > /etc/apt/apt.conf.d/docker-clean; \
    apt-get update; \
    DEBIAN_FRONTEND=noninteractive apt-get dist-upgrade -y; \
    apt-get clean; \
    rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old
CMD ["bash"]
