// Build tool that writes the manual pages. Not installed.
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "bqconn/version.hpp"
#include "man/pages.hpp"

int main(int argc, char** argv) {
    using namespace bqconn;
    const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
    if (arguments.size() != 2) {
        std::cerr << "usage: bqconn-man FOLDER YYYY-MM-DD\n";
        return 2;
    }
    try {
        const man::Edition edition{version, man::spelled_date(arguments[1])};
        auto pages = man::bqconn_pages(edition);
        pages.push_back(man::emulator_page(edition));
        for (const auto& page : pages) {
            const auto path = std::filesystem::path(arguments[0]) / (page.name + ".1");
            std::ofstream file(path, std::ios::binary);
            file << page.text;
            file.close();
            if (!file) {
                throw std::runtime_error("cannot write " + path.string());
            }
        }
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "bqconn-man: " << error.what() << '\n';
        return 1;
    }
}
