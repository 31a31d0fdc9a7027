// Runs a child program for a test, with pipes for stdin, stdout and stderr.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace bqconn::emulator {

class Program {
  public:
    // `environment` is NAME=value; PATH is added if missing.
    Program(const std::vector<std::string>& command, std::vector<std::string> environment = {});
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program();

    // Reads standard output up to `until` or the end.
    std::string read_until(const std::string& until);

    void close_input();
    void signal(int number) const;

    // Waits for the end. 128+N if signal N ended it.
    int wait();

    // The remaining output; call after wait().
    std::string rest_of_output();
    std::string error_output() const;

  private:
    pid_t child_ = 0;
    int input_ = -1;
    int output_ = -1;
    int error_ = -1;  // an unnamed file, so that nobody has to read it while the program runs
};

struct Finished {
    int status = 0;
    std::string out;
    std::string err;
};

// Runs to completion with empty standard input.
Finished run_program(const std::vector<std::string>& command,
                     const std::vector<std::string>& environment = {});

}  // namespace bqconn::emulator
