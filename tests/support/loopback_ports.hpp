// Sockets on 127.0.0.1, on ports chosen by the kernel.
#pragma once

#include <list>

namespace bqconn::test {

// The result of a system call; throws std::system_error if negative.
int checked(int result, const char* what);

int new_socket();
int bind_to_free_port(int fd);  // the port

// A port of 127.0.0.1 that nothing listens on.
int closed_port();

// A port of 127.0.0.1 whose listener never accepts and whose queue is full: connecting hangs.
class FullBacklog {
  public:
    FullBacklog();
    ~FullBacklog();
    FullBacklog(const FullBacklog&) = delete;
    FullBacklog& operator=(const FullBacklog&) = delete;
    int port() const { return port_; }

  private:
    int listener_;
    int port_;
    std::list<int> clients_;
};

}  // namespace bqconn::test
