#include "bqconn/emulator/connections_of_port.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <filesystem>
#include <functional>
#include <string>
#include <system_error>
#include <vector>

namespace bqconn::emulator {
namespace {

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (number_ >= 0) {
            close(number_);
        }
    }
    int get() const { return number_; }

  private:
    int number_;
};

std::vector<int> open_descriptors() {
    std::vector<int> numbers;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", error)) {
        const std::string name = entry.path().filename().string();
        int number = -1;
        std::from_chars(name.data(), name.data() + name.size(), number);
        struct stat status {};
        if (number >= 0 && fstat(number, &status) == 0 && S_ISSOCK(status.st_mode)) {
            numbers.push_back(number);
        }
    }
    return numbers;
}

using PortOf = int (*)(int, sockaddr*, socklen_t*);

// The port from getsockname or getpeername; 0 if there is none.
std::uint16_t port_of(int socket, PortOf ask) {
    sockaddr_in address{};
    socklen_t size = sizeof(address);
    if (ask(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
        address.sin_family != AF_INET) {
        return 0;
    }
    return ntohs(address.sin_port);
}

void for_each_connection(std::uint16_t local_port,
                         const std::function<void(int socket, std::uint16_t peer_port)>& act) {
    for (const int number : open_descriptors()) {
        // Another thread may close the descriptor and reuse its number; the copy stays the same
        // socket.
        const Descriptor copy(fcntl(number, F_DUPFD_CLOEXEC, 0));
        const std::uint16_t peer_port = port_of(copy.get(), getpeername);
        if (peer_port != 0 && port_of(copy.get(), getsockname) == local_port) {
            act(copy.get(), peer_port);
        }
    }
}

}  // namespace

void reset_connection(std::uint16_t local_port, std::uint16_t peer_port) {
    for_each_connection(local_port, [&](int socket, std::uint16_t peer) {
        if (peer == peer_port) {
            sockaddr nobody{};
            nobody.sa_family = AF_UNSPEC;
            // Connecting to AF_UNSPEC sends the RST.
            connect(socket, &nobody, sizeof(nobody));
        }
    });
}

void end_connections(std::uint16_t local_port) {
    for_each_connection(local_port, [](int socket, std::uint16_t) { shutdown(socket, SHUT_RDWR); });
}

}  // namespace bqconn::emulator
