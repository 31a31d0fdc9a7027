// A file that is removed when the test ends.
#pragma once

#include <string>
#include <string_view>

namespace bqconn::test {

class TemporaryFile {
  public:
    explicit TemporaryFile(std::string_view text);
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace bqconn::test
