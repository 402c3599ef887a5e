# A CPython on musl in a bare root, as in python:3.13-alpine: no glibc, no libstdc++, no libgcc, no compiler; a static
# busybox, and zlib, which Alpine always has. Of Debian's sources upstream's tarballs alone: Debian's patches move
# site-packages. What CPython itself needs is linked in, so that the root holds no library that a wheel might lean on.
FROM debian:trixie-slim AS build
RUN set -eu; \
    echo 'deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main' \
        > /etc/apt/sources.list.d/source.list; \
    apt-get update; \
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        autoconf automake busybox-static bzip2 ca-certificates dpkg-dev gcc libc6-dev libltdl-dev libtool make \
        musl-tools perl pkgconf xz-utils; \
    mkdir /sources; \
    cd /sources; \
    apt-get source --download-only zlib bzip2 xz-utils libffi sqlite3 openssl python3.13

# musl-gcc looks into musl's headers only, and the kernel's lie beside glibc's. CPython's configure compares what
# --print-multiarch says with what the headers say.
RUN set -eu; \
    mkdir /kernel; \
    cp -rL /usr/include/linux /usr/include/asm-generic /usr/include/mtd /usr/include/x86_64-linux-gnu/asm /kernel/; \
    printf '%s\n' '#!/bin/sh' 'for word; do' \
        '    if [ "$word" = --print-multiarch ]; then echo x86_64-linux-musl; exit; fi' \
        'done' 'exec musl-gcc -idirafter /kernel "$@"' > /usr/local/bin/cc-musl; \
    printf '%s\n' '#!/bin/sh' 'set -eu' 'mkdir -p "/src/$1"' \
        'tar xf /sources/"$1"_*.orig.tar.[gx]z --strip-components=1 -C "/src/$1"' > /usr/local/bin/unpack; \
    chmod +x /usr/local/bin/cc-musl /usr/local/bin/unpack
ENV CC=cc-musl CFLAGS="-O1 -fPIC" PKG_CONFIG_LIBDIR=/static/lib/pkgconfig

RUN set -eu; unpack zlib; cd /src/zlib; \
    ./configure --prefix=/static; make -s -j "$(nproc)" install; \
    install -D libz.so.1 /musl/usr/lib/libz.so.1; rm /static/lib/libz.so*
RUN set -eu; unpack bzip2; cd /src/bzip2; \
    make -s CC=cc-musl CFLAGS="$CFLAGS -D_FILE_OFFSET_BITS=64" libbz2.a; \
    cp libbz2.a /static/lib/; cp bzlib.h /static/include/
RUN set -eu; unpack xz-utils; cd /src/xz-utils; \
    ./configure -q --prefix=/static --build=x86_64-linux-musl --disable-shared --disable-nls --disable-doc \
        --disable-xz --disable-xzdec --disable-lzmadec --disable-lzmainfo --disable-scripts; \
    make -s -j "$(nproc)" install
RUN set -eu; unpack libffi; cd /src/libffi; \
    [ -x configure ] || autoreconf -fi; \
    ./configure -q --prefix=/static --build=x86_64-linux-musl --disable-shared --disable-docs \
        --disable-exec-static-tramp --disable-multi-os-directory; \
    make -s -j "$(nproc)" install
RUN set -eu; unpack sqlite3; cd /src/sqlite3; \
    CC_FOR_BUILD=gcc ./configure --prefix=/static --build=x86_64-linux-musl --disable-shared --disable-tcl --disable-readline; \
    make -s sqlite3.c sqlite3.h; \
    cc-musl $CFLAGS -DSQLITE_THREADSAFE=1 -DSQLITE_ENABLE_LOAD_EXTENSION -c sqlite3.c -o sqlite3.o; \
    ar rcs /static/lib/libsqlite3.a sqlite3.o; cp sqlite3.h sqlite3ext.h /static/include/
RUN set -eu; unpack openssl; cd /src/openssl; \
    ./Configure linux-x86_64 --prefix=/static --libdir=lib --openssldir=/etc/ssl \
        no-shared no-tests no-docs no-apps no-legacy -fPIC > /dev/null; \
    make -s -j "$(nproc)" build_libs; make -s install_dev > /dev/null

# The stack of a thread is as large as in the official image.
RUN set -eu; unpack python3.13; cd /src/python3.13; \
    ./configure -q --prefix=/usr/local --build=x86_64-linux-musl --with-openssl=/static --with-ensurepip \
        --disable-test-modules OPT='-DNDEBUG -O1 -fwrapv' CPPFLAGS=-I/static/include \
        LIBSQLITE3_CFLAGS=-I/static/include LIBSQLITE3_LIBS='-L/static/lib -lsqlite3 -lm' \
        LDFLAGS='-L/static/lib -Wl,-z,stack-size=0x100000'; \
    make -s -j "$(nproc)"; \
    make -s install COMPILEALL_OPTS='-q -x .' DESTDIR=/musl

RUN set -eu; \
    mkdir -p /musl/bin /musl/lib /musl/etc/ssl /musl/dev /musl/proc /musl/tmp /musl/root /musl/usr/bin; \
    cp -L /lib/ld-musl-x86_64.so.1 /musl/lib/; \
    ln -s ld-musl-x86_64.so.1 /musl/lib/libc.musl-x86_64.so.1; \
    cp /bin/busybox /musl/bin/; \
    for tool in $(busybox --list); do [ "$tool" = busybox ] || ln -s /bin/busybox "/musl/bin/$tool"; done; \
    ln -s /bin/busybox /musl/usr/bin/env; \
    ln -s python3 /musl/usr/local/bin/python; \
    echo 'root:x:0:0:root:/root:/bin/sh' > /musl/etc/passwd; \
    chroot /musl /usr/local/bin/python -c 'import bz2, ctypes, lzma, sqlite3, ssl, zlib, pip'

FROM scratch
COPY --from=build /musl /
