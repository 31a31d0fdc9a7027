// Runs a program as a child for a test, with pipes to its standard input, output and error.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace bqconn::emulator {

class Program {
  public:
    // `environment` as NAME=value; without PATH, one is added.
    Program(const std::vector<std::string>& command, std::vector<std::string> environment = {});
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;
    ~Program();

    // Reads on from standard output until `until` has come, or its end.
    std::string read_until(const std::string& until);

    void close_input();
    void signal(int number) const;

    // Waits for its end. 128+N if signal N ended it.
    int wait();

    // What else came; after wait().
    std::string rest_of_output();
    std::string error_output() const;

  private:
    pid_t child_ = 0;
    int input_ = -1;
    int output_ = -1;
    int error_ = -1;  // a file without a name: nobody has to read it while the program runs
};

struct Finished {
    int status = 0;
    std::string out;
    std::string err;
};

// Runs to the end with an empty standard input.
Finished run_program(const std::vector<std::string>& command,
                     const std::vector<std::string>& environment = {});

}  // namespace bqconn::emulator
