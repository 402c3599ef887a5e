-- Run by test_without_client.py: takes the settings for ALE, nvim-lint and plain Vim from docs/editors.md, has what the
-- file LINES holds parsed by them, and writes what they found as JSON to the file that FOUND names. ALE and nvim-lint
-- themselves are stood in for by what the settings use of them.

local function blocks(language)
  local found, current = {}, nil
  for line in io.lines(vim.env.DOCS) do
    if current and line == '```' then
      table.insert(found, table.concat(current, '\n'))
      current = nil
    elseif current then
      table.insert(current, line)
    elseif line == '```' .. language then
      current = {}
    end
  end
  return found
end

local function block(language, word)
  for _, each in ipairs(blocks(language)) do
    if each:find(word, 1, true) then return each end
  end
  error('no block with ' .. word)
end

local function main(found)
  local lines = vim.fn.readfile(vim.env.LINES)

  local linters = { linters = {}, linters_by_ft = {} }
  package.loaded['lint'] = linters
  package.loaded['lint.parser'] = {
    from_pattern = function(pattern, groups, severities, defaults)
      return function(text)
        local all = {}
        for line in vim.gsplit(text, '\n', true) do
          local parts = { line:match(pattern) }
          if #parts > 0 then
            local one = vim.tbl_extend('force', {}, defaults)
            for number, group in ipairs(groups) do one[group] = parts[number] end
            one.severity = severities[one.severity]
            table.insert(all, one)
          end
        end
        return all
      end
    end,
  }
  assert(loadstring(block('lua', 'lint.linters.fromlint')))()
  local linter = linters.linters.fromlint
  found.nvim_lint = linter.parser(table.concat(lines, '\n'))
  found.nvim_lint_args = vim.tbl_map(function(each) return type(each) == 'function' and each() or each end, linter.args)

  vim.opt.runtimepath:prepend(vim.env.STAND_IN)
  local script = vim.fn.tempname()
  vim.fn.writefile(vim.split(block('vim', 'FromlintFound'), '\n'), script)
  vim.cmd('source ' .. script)
  found.ale = vim.fn.FromlintFound(1, lines)
  found.ale_command = vim.g.defined.command

  vim.bo.filetype = ''
  vim.cmd(block('vim', 'errorformat'))
  vim.bo.filetype = 'dockerfile'
  vim.fn.setqflist({}, ' ', { lines = lines, efm = vim.bo.errorformat })
  found.vim = {}
  for _, each in ipairs(vim.fn.getqflist()) do
    table.insert(found.vim, { each.lnum, each.col, each.type:upper(), each.nr, each.text })
  end
end

local found = {}
local fine, fault = pcall(main, found)
if not fine then found.fault = tostring(fault) end
local file = assert(io.open(vim.env.FOUND, 'w'))
file:write(vim.fn.json_encode(found))
file:close()
vim.cmd('qall!')
