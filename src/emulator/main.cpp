#include <iostream>
#include <string>
#include <vector>

#include "emulator/run.hpp"

extern char** environ;

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    std::vector<std::string> environment;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        environment.emplace_back(*variable);
    }
    return bqconn::emulator::run(arguments, environment, std::cout, std::cerr);
}
