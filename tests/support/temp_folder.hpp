// A temporary folder on the real file system, removed when the test ends.
#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bqconn::tests {

class TempFolder {
  public:
    TempFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "bqconn-test-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) {
            throw std::runtime_error("cannot create a temporary folder");
        }
        path_ = name;
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::string path() const { return path_.string(); }
    std::string path(std::string_view name) const { return (path_ / name).string(); }

    // Returns the path. `mode` is set regardless of the umask.
    std::string write(std::string_view name, std::string_view text, mode_t mode = 0600) const {
        const std::string file = path(name);
        std::ofstream(file, std::ios::binary) << text;
        if (::chmod(file.c_str(), mode) != 0) {
            throw std::runtime_error("cannot write " + file);
        }
        return file;
    }

  private:
    std::filesystem::path path_;
};

}  // namespace bqconn::tests
