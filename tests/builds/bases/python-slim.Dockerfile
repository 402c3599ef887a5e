# python:MINOR-slim-SUITE: the recipe of the official image (docker-library/python, Dockerfile-linux.template, slim),
# with CPython's own source as Debian keeps it (without Debian's patches) and without profile-guided optimisation. No
# module is compiled to bytecode (compileall -x .): that would be deleted again, as it is in the official image.
# The program finds its library beside itself, wherever both are copied to. pkg-config, which tk-dev brings there, finds
# libtirpc for the nis module of Python 3.12 and older.
ARG BASE
FROM ${BASE}
ENV PATH=/usr/local/bin:$PATH
RUN set -eu; \
    apt-get update; \
    apt-get install -y --no-install-recommends ca-certificates netbase tzdata; \
    rm -rf /var/lib/apt/lists/*
ARG SOURCE_SUITE
ARG MINOR
RUN set -eu; \
    savedAptMark="$(apt-mark showmanual)"; \
    echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian $SOURCE_SUITE main" \
        > /etc/apt/sources.list.d/source.list; \
    apt-get update; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        gcc gnupg libbz2-dev libc6-dev libdb-dev libffi-dev libgdbm-dev liblzma-dev libncursesw5-dev libreadline-dev \
        libsqlite3-dev libssl-dev make pkg-config uuid-dev xz-utils zlib1g-dev; \
    mkdir -p /usr/src/python; \
    cd /usr/src; \
    apt-get source --download-only "python$MINOR"; \
    tar xf "python${MINOR}"_*.orig.tar.[gx]z --strip-components=1 -C /usr/src/python; \
    cd /usr/src/python; \
    ./configure -q --enable-loadable-sqlite-extensions --enable-shared --with-ensurepip --disable-test-modules \
        OPT='-DNDEBUG -O1 -fwrapv' LDFLAGS=-Wl,--strip-all; \
    make -s -j "$(nproc)"; \
    rm python; \
    make -s LDFLAGS="-Wl,-rpath='\$\$ORIGIN/../lib',--strip-all" python; \
    make -s install COMPILEALL_OPTS='-q -x .'; \
    cd /; \
    rm -rf /usr/src /etc/apt/sources.list.d/source.list; \
    find /usr/local -depth \( \( -type d -a \( -name test -o -name tests -o -name idle_test \) \) \
        -o \( -type f -a \( -name '*.pyc' -o -name '*.pyo' -o -name 'libpython*.a' \) \) \) -exec rm -rf '{}' +; \
    ldconfig; \
    apt-mark auto '.*' > /dev/null; \
    apt-mark manual $savedAptMark; \
    find /usr/local -type f -executable -not \( -name '*tkinter*' \) -exec ldd '{}' ';' \
        | awk '/=>/ { so = $(NF-1); if (index(so, "/usr/local/") == 1) { next }; gsub("^/(usr/)?", "", so); printf "*%s\n", so }' \
        | sort -u | xargs -rt dpkg-query --search \
        | awk 'sub(":$", "", $1) { print $1 }' | sort -u | xargs -r apt-mark manual; \
    apt-get purge -y --auto-remove -o APT::AutoRemove::RecommendsImportant=false; \
    rm -rf /var/lib/apt/lists/*; \
    export PYTHONDONTWRITEBYTECODE=1; \
    for tool in pip3 python3 python3-config; do \
        if [ -e "/usr/local/bin/$tool" ]; then ln -sf "$tool" "/usr/local/bin/$(echo "$tool" | tr -d 3)"; fi; \
    done; \
    pip --version
CMD ["python3"]
