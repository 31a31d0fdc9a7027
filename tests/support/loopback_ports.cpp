#include "support/loopback_ports.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace bqconn::test {
namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<in_port_t>(port));
    return address;
}

}  // namespace

int checked(int result, const char* what) {
    if (result < 0) {
        throw std::system_error(errno, std::generic_category(), what);
    }
    return result;
}

int new_socket() {
    return checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
}

int bind_to_free_port(int fd) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    checked(::bind(fd, reinterpret_cast<const sockaddr*>(&address), size), "bind");
    checked(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
    return ntohs(address.sin_port);
}

int closed_port() {
    const int fd = new_socket();
    const int port = bind_to_free_port(fd);
    ::close(fd);
    return port;
}

// Linux drops a client's SYN once the queue holds one more than its length.
FullBacklog::FullBacklog() : listener_(new_socket()), port_(bind_to_free_port(listener_)) {
    checked(::listen(listener_, 0), "listen");
    const sockaddr_in address = loopback(port_);
    for (int i = 0; i < 4; ++i) {
        const int fd =
            checked(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket");
        ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
        clients_.push_back(fd);
    }
}

FullBacklog::~FullBacklog() {
    for (const int fd : clients_) {
        ::close(fd);
    }
    ::close(listener_);
}

}  // namespace bqconn::test
